"""Tabs that come to look at something, and who of them is let look together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from escalation_app.domain.people import Viewer
from escalation_app.services.together import Asked
from escalation_app.state.views import SharedView


@dataclass
class Tab:
    sid: str
    secret: str
    viewer: Viewer
    views: frozenset[SharedView] = frozenset()


class Arrival(NamedTuple):
    """A tab that wants to look at these views."""

    tab: Tab
    views: tuple[SharedView, ...]
    afresh: bool


# Its answer says that the tab was let look, or sent away for that.
Arriving = Asked[Arrival, None]


def by_views(
    arriving: Iterable[Arriving],
) -> Mapping[tuple[SharedView, ...], Sequence[Arriving]]:
    """Those who want to look at the same, for whom it is read and encoded once.

    Of each tab, what it asked for first: where it went from there is left for later, so that it
    ends where it went last.
    """
    first: dict[str, Arriving] = {}
    for one in arriving:
        first.setdefault(one.question.tab.sid, one)
    alike: dict[tuple[SharedView, ...], list[Arriving]] = defaultdict(list)
    for one in first.values():
        alike[one.question.views].append(one)
    return alike
