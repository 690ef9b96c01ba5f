"""Who asks at the same moment is answered by one look, which began after they asked."""

import asyncio
from collections.abc import Sequence

import pytest

from escalation_app.domain.refusals import DeskUnavailable, NotSignedIn
from escalation_app.services.together import Together


class Looks:
    """What was asked in each look. A look ends when it may, or fails as told."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.may_end = asyncio.Event()
        self.fails: Exception | None = None
        self.refused: frozenset[str] = frozenset()
        self.together = Together(self.look)

    async def look(self, questions: Sequence[str]) -> list[str | Exception]:
        self.asked.append(list(questions))
        number = len(self.asked)
        await self.may_end.wait()
        if self.fails is not None:
            raise self.fails
        return [NotSignedIn() if one in self.refused else f"{one} {number}" for one in questions]

    def asks(self, question: str) -> "asyncio.Task[str]":
        return asyncio.create_task(self.together.ask(question))


async def step() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
async def looks() -> Looks:
    return Looks()


async def test_who_asks_while_others_are_answered_waits_for_the_next_look(looks: Looks) -> None:
    maria = looks.asks("maria")
    await step()
    omar, lina = looks.asks("omar"), looks.asks("lina")
    await step()
    assert looks.asked == [["maria"]]
    looks.may_end.set()
    assert await asyncio.gather(maria, omar, lina) == ["maria 1", "omar 2", "lina 2"]
    assert looks.asked == [["maria"], ["omar", "lina"]]


async def test_each_is_refused_for_themselves(looks: Looks) -> None:
    looks.refused = frozenset({"omar"})
    looks.may_end.set()
    told = await asyncio.gather(looks.asks("maria"), looks.asks("omar"), return_exceptions=True)
    assert told[0] == "maria 1"
    assert isinstance(told[1], NotSignedIn)


async def test_a_look_that_fails_fails_for_all_of_it_and_for_nobody_after_it(looks: Looks) -> None:
    looks.fails = DeskUnavailable()
    looks.may_end.set()
    told = await asyncio.gather(looks.asks("maria"), looks.asks("omar"), return_exceptions=True)
    assert [type(one) for one in told] == [DeskUnavailable, DeskUnavailable]
    looks.fails = None
    assert await looks.asks("lina") == "lina 2"


async def test_who_has_gone_is_not_asked_for_and_holds_nobody_up(looks: Looks) -> None:
    maria = looks.asks("maria")
    await step()
    omar, lina = looks.asks("omar"), looks.asks("lina")
    await step()
    maria.cancel()
    omar.cancel()
    await step()
    looks.may_end.set()
    assert await lina == "lina 2"
    assert looks.asked == [["maria"], ["lina"]]


async def test_a_look_that_is_stuck_holds_up_nobody_who_asks_after_it(looks: Looks) -> None:
    stuck = looks.asks("maria")
    await step()
    looks.may_end = asyncio.Event()
    looks.may_end.set()
    async with asyncio.timeout(5):
        assert await looks.asks("omar") == "omar 2"
    assert not stuck.done()
    stuck.cancel()
