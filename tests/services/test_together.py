"""Who asks at the same moment is answered by one look, which began after they asked."""

import asyncio
from collections.abc import Sequence

import pytest

from escalation_app import request_context
from escalation_app.domain.refusals import DeskUnavailable, NotSignedIn
from escalation_app.request_context import Cause, RequestContext
from escalation_app.services.together import Asked, Together, in_order


class Looks:
    """What was asked in each look, and for whom it was done. A look ends when it may, or fails as told."""

    def __init__(self, longest_wait: float | None = None) -> None:
        self.asked: list[list[str]] = []
        self.contexts: list[RequestContext | None] = []
        self.begun = asyncio.Semaphore(0)
        self.may_end = asyncio.Event()
        self.fails: Exception | None = None
        self.refused: frozenset[str] = frozenset()
        self.left_once: frozenset[str] = frozenset()
        self.together = Together(self.look, longest_wait=longest_wait)

    async def look(self, asked: Sequence[Asked[str, str]]) -> None:
        self.asked.append([one.question for one in asked])
        self.contexts.append(request_context.current())
        self.begun.release()
        number, left = len(self.asked), self.left_once
        await self.may_end.wait()
        self.left_once = frozenset()
        for one in asked:
            if one.question in self.refused:
                one.refuse(NotSignedIn())
            elif one.question not in left and self.fails is None:
                one.answer(f"{one.question} {number}")
        if self.fails is not None:
            raise self.fails

    def asks(self, question: str) -> "asyncio.Task[str]":
        return asyncio.create_task(self.together.ask(question))

    async def asks_within(self, question: str, context: RequestContext) -> str:
        with request_context.within(context):
            return await self.together.ask(question)


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


async def test_whom_a_look_leaves_is_given_to_the_next_before_who_came_meanwhile(
    looks: Looks,
) -> None:
    looks.left_once = frozenset({"omar"})
    maria, omar = looks.asks("maria"), looks.asks("omar")
    await step()
    lina = looks.asks("lina")
    await step()
    looks.may_end.set()
    assert await asyncio.gather(maria, omar, lina) == ["maria 1", "omar 2", "lina 2"]
    assert looks.asked == [["maria", "omar"], ["omar", "lina"]]


async def test_what_a_look_has_answered_stays_answered_when_it_fails(looks: Looks) -> None:
    looks.refused, looks.fails = frozenset({"maria"}), DeskUnavailable()
    looks.may_end.set()
    told = await asyncio.gather(looks.asks("maria"), looks.asks("omar"), return_exceptions=True)
    assert [type(one) for one in told] == [NotSignedIn, DeskUnavailable]


async def test_a_look_that_answers_nobody_is_not_done_again_and_again(looks: Looks) -> None:
    looks.left_once = frozenset({"maria", "omar"})
    looks.may_end.set()
    told = await asyncio.gather(looks.asks("maria"), looks.asks("omar"), return_exceptions=True)
    assert [type(one) for one in told] == [RuntimeError, RuntimeError]
    assert len(looks.asked) == 1


@pytest.mark.parametrize("found", [[], ["maria's"], ["maria's", "omar's", "whose?"]])
async def test_too_few_or_too_many_answers_are_given_to_nobody(found: list[str]) -> None:
    async def look(_: Sequence[str]) -> list[str]:
        return found

    together = Together(in_order(look))
    told = await asyncio.gather(together.ask("maria"), together.ask("omar"), return_exceptions=True)
    assert [type(one) for one in told] == [ValueError, ValueError]


@pytest.mark.parametrize("longest_wait", [None, 0.01])
async def test_a_look_is_done_in_the_context_of_nobody_who_asks(
    longest_wait: float | None,
) -> None:
    """Neither the first, nor the one after it, whether or not that one waited for its end."""
    looks = Looks(longest_wait)
    asking = []
    for who in ("maria", "omar"):
        context = RequestContext(Cause.EVENT)
        asking.append(asyncio.create_task(looks.asks_within(who, context)))
        await step()
    if longest_wait is None:
        looks.may_end.set()
    async with asyncio.timeout(20):
        for _ in asking:
            await looks.begun.acquire()
    looks.may_end.set()
    await asyncio.gather(*asking)
    assert looks.contexts == [None, None]


async def test_each_has_an_error_of_their_own_that_tells_what_it_was_raised_for(
    looks: Looks,
) -> None:
    looks.fails = DeskUnavailable()
    looks.fails.__cause__ = OSError("The line is dead.")
    looks.may_end.set()
    contexts = [RequestContext(Cause.EVENT), RequestContext(Cause.REQUEST)]
    asking = [looks.asks_within("maria", contexts[0]), looks.asks_within("omar", contexts[1])]
    told = await asyncio.gather(*asking, return_exceptions=True)
    errors = [one for one in told if isinstance(one, DeskUnavailable)]
    assert [request_context.of(one) for one in errors] == contexts
    assert [str(one) for one in errors] == [str(looks.fails)] * 2
    assert [one.__cause__ for one in errors] == [looks.fails.__cause__] * 2


async def test_a_look_that_is_stuck_holds_up_nobody_who_asks_after_it() -> None:
    looks = Looks(longest_wait=0)
    stuck = looks.asks("maria")
    await step()
    looks.may_end = asyncio.Event()
    looks.may_end.set()
    async with asyncio.timeout(20):
        assert await looks.asks("omar") == "omar 2"
    assert not stuck.done()
    stuck.cancel()


async def test_whom_a_stuck_look_leaves_at_last_is_given_to_another() -> None:
    looks = Looks(longest_wait=0)
    looks.left_once = frozenset({"omar"})
    stuck = [looks.asks("maria"), looks.asks("omar")]
    await step()
    held, looks.may_end = looks.may_end, asyncio.Event()
    looks.may_end.set()
    async with asyncio.timeout(20):
        assert await looks.asks("lina") == "lina 2"
        await step()
        held.set()
        assert await asyncio.gather(*stuck) == ["maria 1", "omar 3"]
