import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping

import pytest

from escalation_app.db.engine import Database
from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.domain.vocabulary import Queue
from escalation_app.integrations.bus import MemoryBus
from escalation_app.integrations.vault import FernetVault
from escalation_app.services import webhooks
from escalation_app.services.desk import Desk
from escalation_app.workers import listener
from escalation_app.workers.deliveries import Lane, lanes
from tests.cast import Cast, a_case
from tests.services.webhooks import Receiver, answered, switched_on


class HangingReceiver(Receiver):
    """Answers nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = asyncio.Event()

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        await super().send(url, headers, body)
        await self.let_go.wait()
        return answered(204)


async def ended(desk: Desk) -> int:
    async with desk.database.reading() as session:
        rows = (await webhooks.log(session)).newest
    return sum(row.status == "delivered" for row in rows)


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while True:
            if await is_so():
                return
            await asyncio.sleep(0.01)


async def until_delivered(desk: Desk, count: int) -> None:
    async def are_delivered() -> bool:
        return await ended(desk) >= count

    await until(are_delivered)


async def test_a_delivery_sets_out_as_soon_as_its_change_is_committed(
    desk: Desk, cast: Cast
) -> None:
    await switched_on(desk, cast)
    bus, receiver = MemoryBus(), Receiver()
    desk.announce = bus.announce
    lane = Lane(desk, receiver, Queue.PUBLISHED)
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(listener.run(bus, [lane.wake])), group.create_task(lane.run())]
        await a_case(desk, cast)
        await until_delivered(desk, 1)
        for task in running:
            task.cancel()
    assert json.loads(receiver.heard[0].body)["type"] == "escalation.created"


async def test_an_endpoint_that_hangs_holds_up_no_other(desk: Desk, cast: Cast) -> None:
    await switched_on(desk, cast)
    for _ in range(12):
        await a_case(desk, cast)
        await a_case(desk, cast, queue=Queue.PREVIEW)
    hanging, well = HangingReceiver(), Receiver()
    stuck = Lane(desk, hanging, Queue.PUBLISHED)
    going = Lane(desk, well, Queue.PREVIEW)
    tasks = [asyncio.create_task(stuck.run()), asyncio.create_task(going.run())]
    await until_delivered(desk, 12)
    assert {json.loads(sent.body)["data"]["queue"] for sent in well.heard} == {"preview"}
    # It holds no more of them than its own lane is wide.
    assert len(hanging.heard) == 8
    hanging.let_go.set()
    await until_delivered(desk, 24)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_two_processes_share_the_work_and_nothing_is_sent_twice(
    desk: Desk, cast: Cast, database_url: str
) -> None:
    await switched_on(desk, cast)
    for _ in range(40):
        await a_case(desk, cast)
    receiver = Receiver()
    other = Desk(Database(database_url), vault=desk.vault, sealer=desk.sealer)
    both = [*lanes(desk, lambda: receiver), *lanes(other, lambda: receiver)]
    tasks = [asyncio.create_task(lane.run()) for lane in both]
    await until_delivered(desk, 40)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await other.database.close()
    assert len(receiver.heard) == len({sent.headers["webhook-id"] for sent in receiver.heard}) == 40


@pytest.mark.parametrize("turns", range(4))
async def test_a_lane_that_is_woken_as_the_desk_stops_ends_all_the_same(
    desk: Desk, turns: int
) -> None:
    lane = Lane(desk, Receiver(), Queue.PUBLISHED)
    running = asyncio.create_task(lane.run())
    await asyncio.sleep(0.2)
    lane.wake.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    ended, _ = await asyncio.wait({running}, timeout=5)
    running.cancel()
    assert ended


async def test_what_is_being_sent_when_the_desk_stops_may_end(desk: Desk, cast: Cast) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    receiver = HangingReceiver()
    running = asyncio.create_task(Lane(desk, receiver, Queue.PUBLISHED).run())

    async def has_heard() -> bool:
        return bool(receiver.heard)

    await until(has_heard)
    running.cancel()
    receiver.let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await ended(desk) == 1


async def test_without_a_secret_that_can_be_read_nothing_is_sent_and_the_log_says_why(
    desk: Desk, cast: Cast
) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    receiver = Receiver()
    desk.vault = FernetVault("another key")
    running = asyncio.create_task(Lane(desk, receiver, Queue.PUBLISHED).run())

    async def says_why() -> bool:
        async with desk.database.reading() as session:
            [row] = (await webhooks.log(session)).newest
        return row.reason.startswith("Nothing was sent")

    await until(says_why)
    running.cancel()
    assert receiver.heard == []
