from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.filters import Parsed, QueueFilter
from escalation_app.domain.vocabulary import Status, Urgency, View

FILTERS = st.builds(
    QueueFilter,
    view=st.sampled_from(View),
    statuses=st.frozensets(st.sampled_from(Status)),
    urgencies=st.frozensets(st.sampled_from(Urgency)),
    topics=st.frozensets(st.sampled_from(["Billing", "Refund"])),
    areas=st.frozensets(st.sampled_from(["Payment", "Order"])),
    search=st.text(st.characters(categories=["L", "N"]), max_size=20),
)


def flat(chosen: QueueFilter) -> dict[str, str]:
    return {name: ",".join(values) for name, values in chosen.query().items()}


@given(FILTERS)
def test_the_address_says_exactly_what_is_shown(chosen: QueueFilter) -> None:
    assert Parsed.of(flat(chosen)).filter == chosen


def test_of_two_tags_that_differ_by_case_the_one_that_is_spelt_is_meant() -> None:
    twins = frozenset({"Refund", "refund"})
    assert Parsed.of({"topic": "refund"}, twins).filter.topics == {"refund"}
    assert Parsed.of({"topic": "REFUND"}, twins).filter.topics == twins


def test_unknown_values_are_named_and_left_out() -> None:
    parsed = Parsed.of({"status": "pending,asleep", "topic": "Nonsense"}, frozenset({"Refund"}))
    assert parsed.filter.statuses == {Status.PENDING}
    assert parsed.filter.topics == frozenset()
    assert len(parsed.unknown) == 2


@given(st.dictionaries(st.sampled_from(["view", "status", "q", "case", "topic"]), st.text()))
def test_no_address_breaks_the_page(query: dict[str, str]) -> None:
    Parsed.of(query, frozenset(), frozenset())
