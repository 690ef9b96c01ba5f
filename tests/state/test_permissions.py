"""Every handler that a socket can call names its permission, and every role gets the right answer."""

import pytest
import reflex as rx
from reflex_base.registry import RegistrationContext

from escalation_app.domain.people import PERMISSIONS, Permission, Viewer
from escalation_app.domain.refusals import (
    InvalidInput,
    NotPermitted,
    NotSignedIn,
    TooManyDeeds,
)
from escalation_app.domain.vocabulary import Role
from escalation_app.integrations.rate_limit import RateLimit
from escalation_app.services import people, sessions
from escalation_app.services.desk import Desk
from escalation_app.state import guard
from escalation_app.state.api_keys import ApiKeysState
from escalation_app.state.conversation import ConversationState
from escalation_app.state.frame import FrameState
from escalation_app.state.kept import OwnerState
from escalation_app.state.login import LoginState
from escalation_app.state.people_search import PeopleSearchState
from escalation_app.state.replay import ReplayState
from escalation_app.state.screen import PUSHED
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_decisions import ConflictState, LeftoverState
from escalation_app.state.settings_edits import EditState
from escalation_app.state.summary import SummaryState
from escalation_app.state.versions import VersionsState
from escalation_app.state.webhook_secret import SecretState
from escalation_app.state.webhooks import WebhooksState
from escalation_app.state.workspace import WorkspaceState
from tests.cast import Cast

OURS = (
    *PUSHED,
    ApiKeysState,
    ConversationState,
    ConflictState,
    LeftoverState,
    EditState,
    FrameState,
    LoginState,
    OwnerState,
    PeopleSearchState,
    ReplayState,
    SecretState,
    SettingsState,
    SummaryState,
    VersionsState,
    WebhooksState,
    WorkspaceState,
)

PASSWORD = "a-long-walk-by-the-sea"


def handlers() -> list[tuple[type[rx.State], str]]:
    return [(state, name) for state in OURS for name in state.event_handlers if name != "setvar"]


def test_the_list_of_states_is_complete() -> None:
    registered = {
        state for state in rx.State.get_substates() if state.__module__.startswith("escalation_app")
    }
    assert registered == set(OURS)
    assert RegistrationContext is not None


@pytest.mark.parametrize(("state", "name"), handlers(), ids=lambda value: str(value))
def test_each_handler_names_its_permission(state: type[rx.State], name: str) -> None:
    own = getattr(state.event_handlers[name].fn, "permission", None)
    assert isinstance(own, Permission), f"{state.__name__}.{name} has no permission"


def test_pushed_states_have_no_handler_at_all() -> None:
    for state in PUSHED:
        assert set(state.event_handlers) <= {"setvar"}


GUARDED = [
    (state, name, state.event_handlers[name].fn.permission)
    for state, name in handlers()
    if getattr(state.event_handlers[name].fn, "permission", Permission.PUBLIC)
    is not Permission.PUBLIC
]
SETTINGS = {
    ConflictState,
    EditState,
    LeftoverState,
    PeopleSearchState,
    SecretState,
    SettingsState,
    VersionsState,
}


def test_the_settings_are_for_those_who_may_configure() -> None:
    """Reading them, too: what supervisors may see is nobody else's business."""
    asked = {(name, permission) for state, name, permission in GUARDED if state in SETTINGS}
    assert {permission for _, permission in asked} == {Permission.CONFIGURE}
    public = {(state, name) for state, name in handlers() if state in SETTINGS} - {
        (state, name) for state, name, _ in GUARDED
    }
    assert public == {(SettingsState, "load")}


def test_keys_are_for_those_who_manage_them() -> None:
    asked = {name: permission for state, name, permission in GUARDED if state is ApiKeysState}
    assert set(asked.values()) == {Permission.MANAGE_KEYS}
    assert {name for state, name in handlers() if state is ApiKeysState} - set(asked) == {"load"}


@pytest.mark.parametrize("role", [*Role, None])
async def test_every_handler_by_every_role(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, role: Role | None
) -> None:
    monkeypatch.setattr(guard, "_desk", desk)
    secret = None
    if role is not None:
        await people.create_person(desk, "somebody", "Somebody", role, PASSWORD)
        secret, _ = await sessions.sign_in(desk, "somebody", PASSWORD, "::1")
    monkeypatch.setattr(guard, "secret_of_tab", lambda _state: secret)
    for state, name, permission in GUARDED:
        # An argument that no handler knows: whoever is admitted is told of it, nobody else gets so far.
        expected = (
            NotSignedIn
            if role is None
            else InvalidInput
            if permission in PERMISSIONS[role]
            else NotPermitted
        )
        with pytest.raises(expected):
            await state.event_handlers[name].fn(object(), nonsense=1)


async def test_more_deeds_than_hands_can_do_are_refused_to_who_does_them_alone(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = cast.maria

    async def who(_desk: Desk, _secret: str | None) -> Viewer:
        return asks

    monkeypatch.setattr(guard, "_desk", desk)
    monkeypatch.setattr(guard, "_deeds", RateLimit(guard.DEEDS_PER_MINUTE))
    monkeypatch.setattr(guard, "secret_of_tab", lambda _state: None)
    monkeypatch.setattr(sessions, "who", who)
    claim, load = (WorkspaceState.event_handlers[name].fn for name in ("claim", "load"))
    for _ in range(guard.DEEDS_PER_MINUTE):
        with pytest.raises(InvalidInput):
            await claim(object(), nonsense=1)
    with pytest.raises(TooManyDeeds, match=r"go on in \d+ s"):
        await claim(object(), nonsense=1)
    with pytest.raises(InvalidInput):
        await load(object(), nonsense=1)
    asks = cast.omar
    with pytest.raises(InvalidInput):
        await claim(object(), nonsense=1)


@pytest.mark.parametrize("state", [WorkspaceState, SettingsState, LoginState])
async def test_an_argument_named_like_pythons_own_is_refused_and_no_fault(
    state: type[rx.State],
) -> None:
    with pytest.raises(InvalidInput):
        await state.event_handlers["load"].fn(object(), **{"self": 1})
