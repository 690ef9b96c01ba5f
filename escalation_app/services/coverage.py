"""Topics and areas that occur, or will, and that no supervisor sees."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import case_lists, configurations
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.vocabulary import Queue
from escalation_app.services.desk import Desk

Occurring = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A topic and area that none of a queue's supervisors sees.

    `open_count` of its cases wait there; `conditions` are those whose cases are of them by default.
    """

    queue: Queue
    topic: str
    area: str
    open_count: int
    conditions: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        return f"{self.topic} · {self.area}: {self._why}"

    @property
    def matters_now(self) -> bool:
        """Whether somebody waits there unseen, or the next one who triggers a condition will."""
        return self.open_count > 0 or bool(self.conditions)

    @property
    def _why(self) -> str:
        if self.open_count:
            cases = "1 case" if self.open_count == 1 else f"{self.open_count} cases"
            return f"{cases} seen by no supervisor"
        if self.conditions:
            labels = ", ".join(f"“{label}”" for label in self.conditions)
            return f"no supervisor would see cases of {labels}"
        return "there were such cases, and no supervisor would see the next one"


async def coverage(desk: Desk, by: Viewer) -> list[Uncovered]:
    """What occurs in a queue, or will by its conditions, and is seen by none of its supervisors.

    Raises:
        NotPermitted
    """
    by.must(Permission.CONFIGURE)
    async with desk.database.reading() as session:
        return await uncovered(session)


async def uncovered(session: AsyncSession) -> list[Uncovered]:
    """The same, for a view that has checked who looks."""
    bundles, occurring = await configurations.in_force(session), await _occurring(session)
    return [gap for queue in Queue for gap in _gaps(queue, bundles[queue], occurring[queue])]


async def why_quiet(session: AsyncSession, queue: Queue) -> str:
    """Why nothing that is said opens a case in a queue, "" when it can; for a view as above."""
    why = (await configurations.in_force(session))[queue].why_quiet(queue)
    return f"{why} Only cases that an agent escalates by itself arrive here." if why else ""


async def uncovered_once_published(desk: Desk, by: Viewer) -> list[Uncovered]:
    """What no supervisor of the published queue would see if the draft were published.

    Raises:
        NotPermitted
    """
    by.must(Permission.CONFIGURE)
    async with desk.database.reading() as session:
        draft = await configurations.draft(session)
        occurring = await _occurring(session)
    return _gaps(Queue.PUBLISHED, draft.content, occurring[Queue.PUBLISHED])


async def _occurring(session: AsyncSession) -> dict[Queue, list[Occurring]]:
    found: dict[Queue, list[Occurring]] = {queue: [] for queue in Queue}
    for queue, topic, area, open_count in await case_lists.occurring(session):
        found[queue].append((topic, area, open_count))
    return found


def _gaps(queue: Queue, bundle: Configuration, occurring: Iterable[Occurring]) -> list[Uncovered]:
    """Those where somebody waits come first."""
    waiting = {(topic, area): open_count for topic, area, open_count in occurring}
    triggering: dict[tuple[str, str], list[str]] = {}
    for condition in bundle.conditions if bundle.enabled else ():
        triggering.setdefault((condition.topic, condition.area), []).append(condition.label)
    gaps = [
        Uncovered(queue, topic, area, waiting.get((topic, area), 0), tuple(labels))
        for topic, area in sorted({*waiting, *triggering})
        if not bundle.covers(topic, area)
        for labels in [triggering.get((topic, area), [])]
    ]
    return sorted(gaps, key=lambda gap: gap.open_count == 0)
