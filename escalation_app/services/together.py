"""Who asks the same sort of thing at the same moment is answered together.

After a restart hundreds of tabs come back at once. Each asks who it belongs to and what it may see,
and to each the answer of one look at the database is as fresh as that of a look of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

# A look that takes longer, at a database that does not answer perhaps, is not waited for by who asks next.
LONGEST_WAIT_SECONDS = 0.1


class Together(Generic[Question, Answer]):
    """One look at a time, for all that was asked before it began: none is answered from the past."""

    def __init__(
        self, look: Callable[[Sequence[Question]], Awaitable[Sequence[Answer | Exception]]]
    ) -> None:
        """`look` answers several questions in their order. What is raised by it goes to all of them."""
        self._look = look
        self._asked: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._looking: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """Raises what stands for the answer, if that is an exception."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked.append((question, answer))
        if self._looking is None:
            self._set_out()
        return await answer

    def _set_out(self) -> None:
        looking = asyncio.create_task(self._answer())
        self._looking = looking
        looking.add_done_callback(self._next)
        asyncio.get_running_loop().call_later(LONGEST_WAIT_SECONDS, self._next, looking)

    def _next(self, looked: asyncio.Task[None]) -> None:
        if self._looking is looked:
            self._looking = None
            if self._asked:
                self._set_out()

    async def _answer(self) -> None:
        # Who has gone meanwhile is not answered.
        waiting = [(question, answer) for question, answer in self._asked if not answer.done()]
        self._asked.clear()
        try:
            found = await self._look([question for question, _ in waiting]) if waiting else []
        except Exception as error:
            found = [error] * len(waiting)
        except BaseException:
            for _, answer in waiting:
                answer.cancel()
            raise
        for (_, answer), one in zip(waiting, found, strict=True):
            if answer.done():
                continue
            if isinstance(one, Exception):
                answer.set_exception(one)
            else:
                answer.set_result(one)
