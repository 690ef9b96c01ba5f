"""What the address bar says about the list: views and filters, and what of it is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.text import without_unstorable
from escalation_app.domain.vocabulary import Status, Urgency, View

V = TypeVar("V")
SEARCH_LIMIT = 200


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """A view and its filters. Two equal filters show the same list, so this is a key, too.

    Values within one filter are alternatives; filters together must all hold.
    """

    view: View = View.WAITING
    statuses: frozenset[Status] = frozenset()
    urgencies: frozenset[Urgency] = frozenset()
    topics: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    search: str = ""

    def in_view(self, view: View) -> "QueueFilter":
        return replace(self, view=view)

    def holds(self, case: Escalation, person_id: int = 0) -> bool:
        """Whether the view has the case, Mine of this person's. What is searched for the database finds."""
        return (
            self._has_in_view(case, person_id)
            and (not self.statuses or case.status in self.statuses)
            and (not self.urgencies or case.urgency in self.urgencies)
            and (not self.topics or case.topic in self.topics)
            and (not self.areas or case.area in self.areas)
        )

    def _has_in_view(self, case: Escalation, person_id: int) -> bool:
        match self.view:
            case View.WAITING:
                return case.status is Status.PENDING
            case View.MINE:
                return case.status is Status.IN_PROGRESS and case.claimed_by_id == person_id
            case View.COMPLETED:
                return case.status is Status.COMPLETED
            case View.ALL:
                return True

    @property
    def is_narrowed(self) -> bool:
        return bool(self.statuses or self.urgencies or self.topics or self.areas or self.search)

    def query(self) -> dict[str, list[str]]:
        """As query parameters, in a fixed order, so that one list has one address."""
        return {
            "view": [self.view.value],
            "status": [status.value for status in Status if status in self.statuses],
            "urgency": [u.value for u in reversed(Urgency) if u in self.urgencies],
            "topic": sorted(self.topics),
            "area": sorted(self.areas),
            "q": [self.search] if self.search else [],
        }


@dataclass(frozen=True, slots=True)
class Parsed:
    """A filter as read from outside, with the values that nobody knows."""

    filter: QueueFilter
    unknown: tuple[str, ...] = ()
    case: int | None = None
    case_is_malformed: bool = field(default=False)

    @classmethod
    def of(
        cls,
        query: Mapping[str, str],
        topics: frozenset[str] | None = None,
        areas: frozenset[str] | None = None,
    ) -> "Parsed":
        """Read query parameters. With `topics` and `areas` given, others count as unknown."""
        unknown: list[str] = []

        def known(name: str, options: Mapping[str, V]) -> frozenset[V]:
            found = set()
            for value in _list(query.get(name, "")):
                if value.casefold() in options:
                    found.add(options[value.casefold()])
                else:
                    unknown.append(f"{name} “{value[:40]}”")
            return frozenset(found)

        def tags(name: str, options: frozenset[str] | None) -> frozenset[str]:
            if options is None:
                return frozenset(_list(query.get(name, "")))
            found: set[str] = set()
            for value in _list(query.get(name, "")):
                # Tags may differ by case alone; whoever spells one exactly means that one.
                alike = {option for option in options if option.casefold() == value.casefold()}
                if not alike:
                    unknown.append(f"{name} “{value[:40]}”")
                found |= {value} & alike or alike
            return frozenset(found)

        views = known("view", {view.value: view for view in View})
        chosen = QueueFilter(
            view=next(iter(views)) if len(views) == 1 else View.WAITING,
            statuses=known("status", {status.value.casefold(): status for status in Status}),
            urgencies=known("urgency", {urgency.value: urgency for urgency in Urgency}),
            topics=tags("topic", topics),
            areas=tags("area", areas),
            search=_searchable(query.get("q", "")),
        )
        case = query.get("case", "")
        is_id = case.isascii() and case.isdigit() and len(case) < 10
        return cls(chosen, tuple(unknown), int(case) if is_id else None, bool(case) and not is_id)


def _list(text: str) -> list[str]:
    return [value.strip() for value in text.split(",") if value.strip()][:50]


def _searchable(text: str) -> str:
    return without_unstorable(text).strip()[:SEARCH_LIMIT]
