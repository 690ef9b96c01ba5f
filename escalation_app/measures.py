"""All that the desk measures, by its names in Prometheus. The one module that names a metric.

A label holds what there is little of and what nobody wrote: an enum, a route's template, a handler's
name. With several processes each writes files of its own, and a scrape of any adds them up.
"""

from prometheus_client import Counter, Gauge, Histogram

# From what a push takes when all is well to what a lost notice costs.
PUSH_BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)
# What somebody waits for.
ANSWER_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# What a model or a receiver takes.
ELSEWHERE_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30)

workers = Gauge("escalation_worker_processes", "Processes that serve.", multiprocess_mode="livesum")

# ------------------------------------------------------------------ tabs and what is pushed to them

open_tabs = Gauge("escalation_open_tabs", "Open tabs.", multiprocess_mode="livesum")
sockets = Counter(
    "escalation_sockets_opened_total",
    "Sockets of tabs, by whether their tab is new here or came back.",
    ["tab"],
)
push_lag = Histogram(
    "escalation_push_lag_seconds",
    "From a fact's own time, just before its commit, until it was sent to the tabs of a process "
    "that has some. Hosts whose clocks differ add the difference.",
    buckets=PUSH_BUCKETS,
)
heartbeats_withheld = Counter(
    "escalation_heartbeats_withheld_total",
    "Heartbeats that were not sent because the screens may be older than the database.",
)
synchronisations_failed = Counter(
    "escalation_synchronisations_failed_total", "Looks at the database that came to nothing."
)
# On the clock that all processes of a host share and nobody sets; told as an age.
synchronised_at = Gauge(
    "escalation_synchronised_at_monotonic_seconds",
    "When each process's screens last equalled the database.",
    multiprocess_mode="liveall",
)
page_errors = Counter("escalation_page_errors_total", "Errors that browsers reported.")

# ------------------------------------------------------------------ what people and programs do

facts = Counter("escalation_facts_total", "Facts that were committed, by kind.", ["queue", "kind"])
claims = Counter(
    "escalation_claims_total",
    "Claims, by what came of them: won, refused because another hand was first, or unknown.",
    ["outcome"],
)
sign_ins = Counter("escalation_sign_ins_total", "Attempts to sign in.", ["outcome"])
requests = Counter(
    "escalation_http_requests_total",
    "Requests, by the template of their route and the class of their status.",
    ["method", "route", "status"],
)
request_seconds = Histogram(
    "escalation_http_request_duration_seconds",
    "Until a request was answered whole.",
    ["route"],
    buckets=ANSWER_BUCKETS,
)
events = Counter(
    "escalation_events_total",
    "Events of tabs, by handler and what came of them.",
    ["event", "outcome"],
)
event_seconds = Histogram(
    "escalation_event_duration_seconds",
    "What a handler took.",
    ["event"],
    buckets=ANSWER_BUCKETS,
)

# ------------------------------------------------------------------ what is asked of others

deliveries = Counter(
    "escalation_deliveries_total",
    "Attempts at a delivery: delivered, refused by the receiver, unanswered, or not sent at all.",
    ["queue", "outcome"],
)
deliveries_given_up = Counter(
    "escalation_deliveries_given_up_total", "Deliveries that failed for good.", ["queue"]
)
delivery_seconds = Histogram(
    "escalation_delivery_duration_seconds",
    "What an attempt at a delivery took.",
    ["queue"],
    buckets=ELSEWHERE_BUCKETS,
)
verdicts = Counter(
    "escalation_verdicts_total",
    "Messages that were judged: escalated, passed, or failed because the model did not judge.",
    ["detector", "outcome"],
)
verdict_seconds = Histogram(
    "escalation_verdict_duration_seconds",
    "What a detector took.",
    ["detector"],
    buckets=ELSEWHERE_BUCKETS,
)
summaries = Counter(
    "escalation_summaries_total",
    "Summaries, by source, and whether they were stored.",
    ["source", "outcome"],
)
database_failures = Counter(
    "escalation_database_failures_total",
    "Transactions that the database could not do, and commits of which nobody knows.",
    ["outcome"],
)
bus_losses = Counter("escalation_bus_losses_total", "Times that a process no longer heard the bus.")
bus_unheard = Gauge(
    "escalation_bus_unheard_processes",
    "Processes that do not hear their own heartbeat on the bus.",
    multiprocess_mode="livesum",
)
