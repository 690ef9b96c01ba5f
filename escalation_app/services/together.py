"""Who asks the same sort of thing at the same moment is answered together.

After a restart hundreds of tabs come back at once. Each asks who it belongs to and what it may see,
and to each the answer of one look at the database is as fresh as that of a look of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextvars import Context
from typing import Any, Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Asked(Generic[Question, Answer]):
    """A question and who waits for its answer. The first answer counts, and who has gone gets none."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    @property
    def is_waiting(self) -> bool:
        return not self._answer.done()

    def answer(self, found: Answer) -> None:
        if self.is_waiting:
            self._answer.set_result(found)

    def refuse(self, error: Exception) -> None:
        """Let it be raised where the question was asked."""
        if self.is_waiting:
            self._answer.set_exception(_another(error))

    def cancel(self) -> None:
        self._answer.cancel()

    def __await__(self) -> Generator[Any, None, Answer]:
        return self._answer.__await__()


class Together(Generic[Question, Answer]):
    """One look at a time, for all that was asked before it began: none is answered from the past."""

    def __init__(
        self,
        look: Callable[[Sequence[Asked[Question, Answer]]], Awaitable[None]],
        *,
        longest_wait: float | None = None,
    ) -> None:
        """`look` answers some of whom it is given, at once; the others are given to the next one.

        What it raises is raised for all whom it has not answered. It runs for all of them, so in
        no one's context. After `longest_wait` seconds, if any, the next one does not wait for its end.
        """
        self._look = look
        self._longest_wait = longest_wait
        self._asked: list[Asked[Question, Answer]] = []
        self._looking: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """Raises what the look refuses it with."""
        asked: Asked[Question, Answer] = Asked(question)
        self._asked.append(asked)
        if self._looking is None:
            # What is set out from here, the looks after it too, has the context of nobody who asks.
            Context().run(self._set_out)
        return await asked

    def _set_out(self) -> None:
        looking = asyncio.create_task(self._answer())
        self._looking = looking
        looking.add_done_callback(self._next)
        if self._longest_wait is not None:
            asyncio.get_running_loop().call_later(self._longest_wait, self._next, looking)

    def _next(self, looked: asyncio.Task[None]) -> None:
        if self._looking is looked:
            self._looking = None
        if self._looking is None and self._asked:
            self._set_out()

    async def _answer(self) -> None:
        asked = [one for one in self._asked if one.is_waiting]
        self._asked.clear()
        try:
            if asked:
                await self._look(asked)
                if all(one.is_waiting for one in asked):
                    raise RuntimeError("A look answered nobody, nor would the next one.")
        except Exception as error:
            for one in asked:
                one.refuse(error)
        except BaseException:
            for one in asked:
                one.cancel()
            raise
        self._asked[:0] = [one for one in asked if one.is_waiting]


def in_order(
    look: Callable[[Sequence[Question]], Awaitable[Sequence[Answer]]],
) -> Callable[[Sequence[Asked[Question, Answer]]], Awaitable[None]]:
    """Of a look that finds all answers at once, in the order of the questions."""

    async def answer(asked: Sequence[Asked[Question, Answer]]) -> None:
        found = await look([one.question for one in asked])
        # Counted before anybody is answered: of too few or too many, none is sure to be theirs.
        for one, answer in list(zip(asked, found, strict=True)):
            one.answer(answer)

    return answer


def _another(error: Exception) -> Exception:
    """The same for one asker alone: where it is handled, it is noted on it what it was raised for.

    It is made without its `__init__`, which need not take what it keeps.
    """
    try:
        made = type(error).__new__(type(error), *error.args)
    except TypeError:
        # Some libraries' own can't be made by anybody else.
        return error
    made.__dict__ |= error.__dict__
    made.__cause__, made.__context__ = error.__cause__, error.__context__
    made.__suppress_context__ = error.__suppress_context__
    return made.with_traceback(error.__traceback__)
