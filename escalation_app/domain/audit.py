"""The seals of the timeline: a chain for each case that nobody can make without the desk's key.

An entry's seal is over what people read of it, its case, its place and the seal before it. The
case's own row says how many entries there are and which seal is the last, under a seal as well.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.timeline import TimelineEntry


class Sealer(Protocol):
    """Seals with the desk's key, so that the database alone makes no seal that fits."""

    def seal(self, text: str) -> str:
        """The same for the same text; hexadecimal."""


class NoSealer:
    """For a desk that writes no history."""

    def seal(self, text: str) -> str:
        raise RuntimeError("This desk was started without a sealer.")


@dataclass(frozen=True, slots=True)
class Content:
    """What people read of an entry."""

    queue: str
    kind: str
    actor: str
    actor_id: int | None
    at: str
    data: Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: which of its case's it is, counted from 1, and what it follows."""

    case: int
    position: int
    previous_seal: str


def chain(case: Escalation, fact: TimelineEntry, sealer: Sealer) -> None:
    """Make the fact its case's newest, sealed."""
    assert case.id is not None
    place = Place(case.id, case.entries + 1, case.last_seal)
    fact.position, fact.previous_seal = place.position, place.previous_seal
    fact.seal = sealer.seal(entry_text(place, _content(fact)))
    case.entries, case.last_seal = fact.position, fact.seal
    case.head_seal = sealer.seal(head_text(case.id, case.entries, case.last_seal))


def entry_text(place: Place, content: Content) -> str:
    """What an entry's seal is over.

    Raises:
        TypeError: Something in it is not of JSON, so no desk wrote it.
    """
    return _canonical(
        "entry",
        place.case,
        place.position,
        place.previous_seal,
        content.queue,
        content.kind,
        content.actor,
        content.actor_id,
        content.at,
        content.data,
    )


def head_text(case: int, entries: int, last_seal: str) -> str:
    """What the seal on a case's row is over. Raises TypeError as `entry_text` does."""
    return _canonical("head", case, entries, last_seal)


def moment(at: datetime) -> str:
    """A time as it is sealed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _content(fact: TimelineEntry) -> Content:
    return Content(
        fact.queue.value, fact.kind.value, fact.actor, fact.actor_id, moment(fact.at), fact.data
    )


def _canonical(*parts: Any) -> str:
    return json.dumps(parts, sort_keys=True, separators=(",", ":"))
