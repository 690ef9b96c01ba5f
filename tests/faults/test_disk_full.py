"""The disk is full: a sentence for whoever wants to change something, and the lists go on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import update

from escalation_app.domain.credentials import ApiKey, SignInSession
from escalation_app.services import audit
from escalation_app.services.desk import Desk
from tests.clients.caller import Caller, new_case
from tests.clients.plain_tab import PlainTab, signed_in
from tests.clients.waiting import until
from tests.servers.ports import free_port
from tests.servers.program import Program
from tests.servers.small_disk import SmallDisk

FULL = (
    "The desk can't write at the moment: its disk is full. "
    "Nothing was changed; please try again when there is room."
)
DONE = {"what_happened": "Charged twice.", "action_taken": "Refunded.", "follow_up": ""}
# More than the largest of the changes takes.
PAGES = 100


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    with SmallDisk(tmp_path_factory.mktemp("disk")) as small:
        yield small


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, mounted: SmallDisk) -> Iterator[Program]:
    port = free_port()
    directory = tmp_path_factory.mktemp("on-a-small-disk")
    started = Program(directory, port, port, f"sqlite:///{mounted.directory / 'desk.db'}")
    started.start()
    yield started
    started.stop()


@pytest.fixture
def disk(mounted: SmallDisk) -> Iterator[SmallDisk]:
    yield mounted
    mounted.give_back()


@pytest.fixture
def program(running: Program, disk: SmallDisk) -> Program:
    return running


@dataclass(frozen=True)
class Callers:
    maria: Caller
    omar: Caller
    lina: Caller
    agent: Caller


@pytest.fixture
async def callers(program: Program) -> AsyncIterator[Callers]:
    async with AsyncExitStack() as open_lines:
        names = ("maria", "omar", "lina", "agent")
        lines = [Caller(program.address, name) for name in names]
        yield Callers(*[await open_lines.enter_async_context(line) for line in lines])


def is_refused_as_full(answer: httpx.Response) -> bool:
    """Whether it was refused; any other answer than that and a success is a fault."""
    if answer.is_success:
        return False
    problem = answer.json()
    assert (answer.status_code, problem["detail"]) == (503, FULL), answer.text
    assert problem["type"] == "urn:escalation-desk:disk-full"
    assert "Retry-After" in answer.headers
    return True


def findings(program: Program) -> list[str]:
    async def look(desk: Desk) -> list[str]:
        async with aclosing(audit.verify(desk)) as found:
            return [str(finding) async for finding in found]

    return program.from_outside(look)


def all_were_last_seen(program: Program, ago: timedelta) -> None:
    """Whoever is seen again now is to be noted, which is a change."""
    then = datetime.now(UTC) - ago

    async def age(desk: Desk) -> None:
        async with desk.database.transaction() as session:
            await session.execute(update(SignInSession).values(last_seen_at=then))
            await session.execute(update(ApiKey).values(last_used_at=then))

    program.from_outside(age)


async def test_on_a_full_disk_every_change_is_refused_in_a_sentence_and_done_once_there_is_room(
    program: Program, disk: SmallDisk, callers: Callers
) -> None:
    maria, agent, lina = callers.maria, callers.agent, callers.lina
    cases = [(await agent.escalates())["id"] for _ in range(3)]
    waiting, hers, other = cases
    await maria.claims(hers)
    await maria.claims(other)
    talk = (await maria.case(waiting))["conversation_id"]
    kept = await lina.get("settings")
    bundle = kept["draft"] | {"response": f"A person looks at it, {uuid4().hex}."}
    said = {"role": "user", "text": "Where is my money?"}
    changes: list[Callable[[], Awaitable[httpx.Response]]] = [
        lambda: maria.post(f"escalations/{waiting}/claim"),
        lambda: maria.post(f"escalations/{hers}/complete", DONE),
        lambda: maria.post(f"escalations/{other}/summary"),
        lambda: maria.post(f"escalations/{other}/release", {"note": "Needs Spanish."}),
        lambda: agent.post("escalations", new_case()),
        lambda: agent.post(f"conversations/{talk}/messages", said),
        lambda: lina.ask("PUT", "settings", {"revision": kept["revision"], "draft": bundle}),
    ]
    before = [await maria.case(case_id) for case_id in cases]
    workers = program.workers
    disk.fill()
    assert all([is_refused_as_full(await change()) for change in changes])
    assert disk.free_pages == 0
    assert [await maria.case(case_id) for case_id in cases] == before
    assert await lina.get("settings") == kept
    disk.give_back()
    assert [(await change()).is_success for change in changes] == [True] * len(changes)
    now = [(await maria.case(case_id))["status"] for case_id in cases]
    assert now == ["InProgress", "Completed", "Pending"]
    assert program.workers == workers
    assert findings(program) == []


async def test_who_only_looks_is_served_on_a_full_disk_whenever_they_were_seen_last(
    program: Program, disk: SmallDisk, callers: Callers
) -> None:
    cookie = await signed_in(program.address, "maria")
    all_were_last_seen(program, timedelta(minutes=2))
    disk.fill()
    assert (await callers.omar.get("escalations?queue=published"))["items"]
    async with httpx.AsyncClient(base_url=program.address, trust_env=False) as browser:
        page = await browser.get("/queue/published/", headers={"Cookie": cookie})
        assert page.status_code == 200
        # The desk serves what it can; to start it again would help nobody.
        assert (await browser.get("/readyz")).status_code == 200
    async with PlainTab(program.address, cookie) as tab:
        assert tab.rows
        assert tab.indicator == "Connected"
    assert disk.free_pages == 0


async def test_who_signs_in_on_a_full_disk_is_told_why_it_does_not_work(
    program: Program, disk: SmallDisk
) -> None:
    disk.fill()
    async with httpx.AsyncClient(base_url=program.address, trust_env=False) as browser:
        form = {"username": "omar", "password": "demo"}
        refused = await browser.post("/auth/sign-in", data=form)
        assert refused.headers["location"].endswith("error=full")
        assert "set-cookie" not in refused.headers
    disk.give_back()
    assert await signed_in(program.address, "omar")


async def test_a_tab_is_told_of_the_full_disk_stays_live_and_goes_on_when_there_is_room(
    program: Program, disk: SmallDisk, callers: Callers
) -> None:
    case = await callers.agent.escalates()
    async with PlainTab(program.address, await signed_in(program.address, "maria")) as tab:
        disk.fill()
        await tab.send("claim", {"case_id": case["id"]})
        await until(lambda: FULL in tab.told)
        assert tab.indicator == "Connected"
        assert status_in(tab, case["id"]) == "Pending"
        disk.give_back()
        await tab.send("claim", {"case_id": case["id"]})
        await until(lambda: status_in(tab, case["id"]) == "InProgress")
        assert tab.connections == 1


async def test_however_little_room_there_is_a_change_is_done_whole_or_not_at_all(
    program: Program, disk: SmallDisk, callers: Callers
) -> None:
    case_id = (await callers.agent.escalates())["id"]
    talk = (await callers.maria.case(case_id))["conversation_id"]
    said = {"role": "user", "text": "Where is my money? " * 200}
    changes: list[tuple[str, Callable[[], Awaitable[httpx.Response]]]] = [
        ("claimed", lambda: callers.maria.post(f"escalations/{case_id}/claim")),
        ("message_added", lambda: callers.agent.post(f"conversations/{talk}/messages", said)),
        ("completed", lambda: callers.maria.post(f"escalations/{case_id}/complete", DONE)),
    ]
    refused = 0
    for kind, change in changes:
        before = await callers.maria.case(case_id)
        disk.fill()
        for _ in range(PAGES):
            if not is_refused_as_full(await change()):
                break
            refused += 1
            assert await callers.maria.case(case_id) == before
            disk.give_back(pages=1)
        now = await callers.maria.case(case_id)
        assert [one["kind"] for one in now["timeline"]] == [
            *(one["kind"] for one in before["timeline"]),
            kind,
        ]
        disk.give_back()
    assert refused > len(changes), "there was always room enough"
    assert findings(program) == []


def status_in(tab: PlainTab, case_id: int) -> str:
    return str(next(row["status"] for row in tab.rows if row["id"] == case_id))
