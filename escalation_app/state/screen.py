"""What the screen shows. The classes above the line are pushed by the fan-out and owned by no tab.

A pushed var is never set on a tab's own state: the fan-out is its only source, also when a
page loads. So a shared screen can't be older than the view it comes from.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import reflex as rx

from escalation_app.domain.snapshots import (
    CaseFacts,
    DeliveryRow,
    EndpointRow,
    ProfileField,
    SummaryFacts,
)
from escalation_app.state.key_line import KeyLine

S = TypeVar("S", bound=type[rx.State])


def never_sent_whole(state: S) -> S:
    """Sent change by change, also when the page loads: what a tab showed to whoever was signed in
    before is not sent to whoever is now.

    The framework forbids to override `dict` in the class's body, hence a decorator.
    """
    whole: Callable[..., dict[str, Any]] = state.dict

    def only_initially(
        self: rx.State, include_computed: bool = True, initial: bool = False, **kwargs: Any
    ) -> dict[str, Any]:
        return whole(self, include_computed, initial, **kwargs) if initial else {}

    state.dict = only_initially
    return state


def read_at_load(state: S) -> S:
    """A page's own state, which its `load` reads. Until then the screen stays as it was.

    After a fault the server may have a new state for the tab, in which nothing has been read yet. If
    that were sent, the page would be blank for a moment, and the caret gone from under the hand.
    """
    return never_sent_whole(state)


def send_all(state: rx.State) -> None:
    """Send every var with the running event's change: what the tab shows may be another state's."""
    state.dirty_vars.update(state.base_vars)
    state._mark_dirty()


def is_new_socket(state: Any) -> bool:
    """Whether the page that is being read was last shown to another socket, or to none."""
    return bool(state._shown_to != state.router.session.session_id)


def pushed(state: S) -> S:
    """Owned by no tab. What the server holds for a tab are the defaults, so it never sends them:

    after a reconnect the browser keeps what it was pushed last until the fan-out sends what is true.
    """
    return never_sent_whole(state)


@pushed
class RowsState(rx.State):
    """The list: `order` names slots; the rows stand in undeclared vars: what stays of them in

    `slot_0`, `slot_1`, …, and what changes in `slot_0_now`, `slot_1_now`, …
    """

    order: list[int] | None = None
    has_more: bool = False


@pushed
class CountsState(rx.State):
    waiting: int = 0
    all: int = 0
    completed: int = 0


@pushed
class MineState(rx.State):
    mine: int = 0


@pushed
class CaseState(rx.State):
    """The selected case. Messages and timeline stand in undeclared vars `slot_messages_0`, …"""

    facts: CaseFacts = CaseFacts()
    summary: SummaryFacts = SummaryFacts()
    profile: list[ProfileField] = []
    messages_count: int = 0
    timeline_count: int = 0


@pushed
class FeedState(rx.State):
    """What happened lately in what this tab may see: for sounds, the strip and the title.

    `seq` and `at` are the newest entry's, so that tabs know which of them has told it already.
    """

    feed: str = ""
    seq: int = 0
    at: str = ""
    created: int = 0
    created_seq: int = 0
    created_at: str = ""
    changed: int = 0
    critical_id: int = 0
    critical_reason: str = ""


@pushed
class CoverageState(rx.State):
    """By queue, what waits there and is seen by no supervisor, and why nothing said opens a case there."""

    preview: list[str] = []
    published: list[str] = []
    preview_quiet: str = ""
    published_quiet: str = ""


@pushed
class SettingsMarkState(rx.State):
    """Grows with each draft and version, so that a tab knows when it has read an older one."""

    now: str = ""


@pushed
class DeliveriesState(rx.State):
    """The webhooks' log, all and failed ones apart, and how the endpoints are doing."""

    newest: list[DeliveryRow] = []
    failed: list[DeliveryRow] = []
    preview: EndpointRow = EndpointRow()
    published: EndpointRow = EndpointRow()


@pushed
class KeysState(rx.State):
    """The API keys, for who manages them."""

    known: bool = False
    keys: list[KeyLine] = []


@pushed
class BeatState(rx.State):
    """The server's heartbeat, sent only while its own picture is fresh."""

    beat: int = 0


PUSHED = (
    RowsState,
    CountsState,
    MineState,
    CaseState,
    FeedState,
    CoverageState,
    SettingsMarkState,
    DeliveriesState,
    KeysState,
    BeatState,
)

# ------------------------------------------------------------------ what is a tab's alone


@dataclass(frozen=True, slots=True)
class FilterControl:
    """One select and what it offers; what is chosen stands in the address."""

    name: str = ""
    label: str = ""
    options: list[str] = field(default_factory=list)
