"""What is asked again within one moment of the database is answered as before."""

from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

Answer = TypeVar("Answer")
_ANSWERS = "desk_answers"


def of_one_moment() -> dict[str, Any]:
    """The `info` of a session all of whose statements see the same moment."""
    return {_ANSWERS: {}}


async def once(
    session: AsyncSession, question: Hashable, ask: Callable[[], Awaitable[Answer]]
) -> Answer:
    """The answer to the question. A session that sees what changes meanwhile asks each time."""
    answers: dict[Hashable, Answer] | None = session.info.get(_ANSWERS)
    if answers is None:
        return await ask()
    if question not in answers:
        answers[question] = await ask()
    return answers[question]
