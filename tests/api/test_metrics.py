"""What the desk tells Prometheus, and whom it tells."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from escalation_app.api import metrics
from escalation_app.db.engine import Database
from escalation_app.domain.refusals import AlreadyClaimed
from escalation_app.domain.vocabulary import Queue
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from escalation_app.settings import Settings
from escalation_app.state.live import Live
from tests.api.conftest import as_, client_of
from tests.cast import Cast, a_case, id_of
from tests.conftest import make_tables
from tests.metrics import figures_in, grown, written
from tests.servers.postgres_server import PostgresServer
from tests.services.webhooks import Receiver, answered, deliver, switched_on
from tests.state.fake_app import FakeApp

TOKEN = "a-token-for-prometheus"
# Its scrape_timeout, unless told otherwise.
PROMETHEUS_WAITS = 10


def scraper_of(desk: Desk) -> httpx.AsyncClient:
    app = Starlette(routes=metrics.ROUTES)
    app.state.desk = lambda: desk
    return client_of(app)


@pytest.fixture
async def scraper(desk: Desk, keys: None) -> AsyncIterator[httpx.AsyncClient]:
    async with scraper_of(desk) as client:
        yield client


@pytest.fixture
def _with_token(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Settings(metrics_token=TOKEN)
    monkeypatch.setattr(metrics, "settings", lambda: chosen)


async def scraped(scraper: httpx.AsyncClient) -> dict[str, float]:
    answer = await scraper.get("/metrics", headers=as_("admin"))
    assert answer.status_code == 200
    return figures_in(answer.text)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer "}, 401),
        ({"Authorization": "Bearer nobody's"}, 401),
        ({"Authorization": f"Bearer {TOKEN}"}, 401),
        ({"Authorization": "Basic YWRtaW46ZGVtbw=="}, 401),
        (as_("maria"), 403),
        (as_("lina"), 403),
        (as_("agent"), 403),
    ],
)
async def test_who_is_no_admin_is_told_nothing_but_why(
    scraper: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await scraper.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert "escalation_" not in answer.text


@pytest.mark.usefixtures("_with_token")
async def test_whoever_has_the_token_made_for_it_needs_no_key(scraper: httpx.AsyncClient) -> None:
    for bearer, status in ((TOKEN, 200), (f"{TOKEN}x", 401), (TOKEN[:-1], 401), ("é", 401)):
        headers = {b"authorization": f"Bearer {bearer}".encode()}
        assert (await scraper.get("/metrics", headers=headers)).status_code == status
    assert (await scraper.get("/metrics", headers=as_("admin"))).status_code == 200


@pytest.mark.usefixtures("_with_token")
@pytest.mark.parametrize("database_url", ["sqlite:////nowhere/desk.db"])
async def test_while_the_database_is_away_the_other_figures_are_told_to_whoever_has_the_token(
    database_url: str,
) -> None:
    async with scraper_of(Desk(Database(database_url))) as scraper:
        answer = await scraper.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        told = figures_in(answer.text)
        assert told["escalation_database_up"] == 0
        assert written("escalation_queue_length", queue="published", status="Pending") not in told
        assert told[written("escalation_database_failures_total", outcome="unavailable")] >= 1
        assert (await scraper.get("/metrics", headers=as_("admin"))).status_code == 503


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    make_tables(server.url("postgres"))
    yield server
    # Frozen, it would not hear that it is to end.
    server.thaw()
    server.remove()


@pytest.mark.usefixtures("_with_token")
async def test_a_database_that_hangs_is_told_before_prometheus_gives_up(
    own_postgres: PostgresServer,
) -> None:
    database = Database(own_postgres.url("postgres"))
    async with scraper_of(Desk(database)) as scraper:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        answer = await scraper.get("/metrics", headers=bearer)
        assert figures_in(answer.text)["escalation_database_up"] == 1
        own_postgres.freeze()
        # Of one connection that is there, and of those to come.
        async with asyncio.timeout(PROMETHEUS_WAITS):
            answers = await asyncio.gather(
                *(scraper.get("/metrics", headers=bearer) for _ in range(3)),
                scraper.get("/metrics", headers=as_("admin")),
            )
        assert [answer.status_code for answer in answers] == [200, 200, 200, 503]
        assert figures_in(answers[0].text)["escalation_database_up"] == 0
        own_postgres.thaw()
        answer = await scraper.get("/metrics", headers=bearer)
        assert figures_in(answer.text)["escalation_database_up"] == 1
    await database.close()


async def test_queue_lengths_are_those_of_the_database(
    scraper: httpx.AsyncClient, desk: Desk, cast: Cast
) -> None:
    taken = await a_case(desk, cast)
    for queue in (Queue.PUBLISHED, Queue.PUBLISHED, Queue.PREVIEW):
        await a_case(desk, cast, queue=queue)
    await escalations.claim(desk, cast.maria, id_of(taken))
    told = await scraped(scraper)
    lengths = {
        (queue, status): told[written("escalation_queue_length", queue=queue, status=status)]
        for queue in ("published", "preview")
        for status in ("Pending", "InProgress", "Completed")
    }
    assert lengths == {
        ("published", "Pending"): 2,
        ("published", "InProgress"): 1,
        ("published", "Completed"): 0,
        ("preview", "Pending"): 1,
        ("preview", "InProgress"): 0,
        ("preview", "Completed"): 0,
    }
    assert told["escalation_database_up"] == 1


async def test_claims_are_counted_by_who_was_first(
    scraper: httpx.AsyncClient, desk: Desk, cast: Cast
) -> None:
    before = await scraped(scraper)
    case_id = id_of(await a_case(desk, cast))
    # Twice, as by somebody whose first answer was lost.
    for _ in range(2):
        await escalations.claim(desk, cast.maria, case_id)
    for _ in range(2):
        with pytest.raises(AlreadyClaimed):
            await escalations.claim(desk, cast.omar, case_id)
    after = await scraped(scraper)
    assert grown(before, after, "escalation_claims_total", outcome="won") == 1
    assert grown(before, after, "escalation_claims_total", outcome="refused") == 2
    facts = {"queue": "published", "kind": "claimed"}
    assert grown(before, after, "escalation_facts_total", **facts) == 1


@pytest.mark.parametrize(
    ("status", "outcome"), [(204, "delivered"), (500, "refused"), (302, "refused")]
)
async def test_deliveries_are_counted_by_their_outcome(
    scraper: httpx.AsyncClient, desk: Desk, cast: Cast, status: int, outcome: str
) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    before = await scraped(scraper)
    assert before[written("escalation_deliveries_waiting", queue="published")] == 1
    assert await deliver(desk, Receiver(answered(status))) == 1
    after = await scraped(scraper)
    labels = {"queue": "published", "outcome": outcome}
    assert grown(before, after, "escalation_deliveries_total", **labels) == 1
    left = after[written("escalation_deliveries_waiting", queue="published")]
    assert left == (0 if outcome == "delivered" else 1)


async def test_lag_is_measured_for_what_was_pushed_and_only_where_somebody_looks(
    scraper: httpx.AsyncClient, desk: Desk, cast: Cast
) -> None:
    app = FakeApp()
    live = Live(app, desk)  # type: ignore[arg-type]
    await live.synchronise()
    await a_case(desk, cast)
    before = await scraped(scraper)
    await live.synchronise()
    unseen = await scraped(scraper)
    assert grown(before, unseen, "escalation_push_lag_seconds_count") == 0
    await app.looks(desk, live, cast.maria)
    await a_case(desk, cast)
    await live.synchronise()
    after = await scraped(scraper)
    assert grown(before, after, "escalation_push_lag_seconds_count") == 1
    assert 0 < grown(before, after, "escalation_push_lag_seconds_sum") < 60
    assert after["escalation_open_tabs"] == 1
    assert after["escalation_synchronisation_age_seconds"] < 60


async def test_no_label_holds_what_somebody_wrote(
    scraper: httpx.AsyncClient, desk: Desk, cast: Cast
) -> None:
    await a_case(desk, cast, topic="Refund of 4711", reason="Charged 4711", said="my card 4711")
    answer = await scraper.get("/metrics", headers=as_("admin"))
    assert "4711" not in answer.text
    assert "Maria" not in answer.text


async def test_the_figures_are_in_the_format_that_was_asked_for(scraper: httpx.AsyncClient) -> None:
    plain = await scraper.get("/metrics", headers=as_("admin"))
    assert plain.headers["content-type"].startswith("text/plain; version=")
    families = list(text_string_to_metric_families(plain.text))
    assert all(family.documentation for family in families)
    asked = as_("admin", Accept="application/openmetrics-text; version=1.0.0")
    opened = await scraper.get("/metrics", headers=asked)
    assert opened.headers["content-type"].startswith("application/openmetrics-text")
    assert opened.text.endswith("# EOF\n")
