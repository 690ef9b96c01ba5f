"""Lina and admin edit the settings at once: nothing is overwritten in silence, nothing typed is lost."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import reflex as rx

from escalation_app.domain.refusals import InvalidInput, NotPermitted
from escalation_app.services import sessions
from escalation_app.services import settings as service
from escalation_app.services.desk import Desk
from escalation_app.state import guard
from escalation_app.state import live as live_state
from escalation_app.state.frame import FrameState
from escalation_app.state.people_search import PeopleSearchState
from escalation_app.state.screen import SettingsMarkState
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_decisions import ConflictState, LeftoverState
from escalation_app.state.settings_edits import EditState
from escalation_app.state.settings_views import CoverageView, SettingsView
from escalation_app.state.versions import VersionsState
from escalation_app.state.views import views_of_settings
from escalation_app.state.webhook_secret import SecretState
from tests.cast import Cast, a_case
from tests.domain.configurations import SOUND


class Tab:
    """One person's page, driven by the events that a browser would send."""

    def __init__(self, username: str) -> None:
        self.username = username
        self._root = rx.State(_reflex_internal_init=True)

    def __getitem__(self, state: type[rx.State]) -> Any:
        return self._root.get_substate(state.get_full_name().split("."))

    async def __call__(self, state: type[rx.State], name: str, *arguments: Any) -> Any:
        SIGNED_IN["now"] = self.username
        return await state.event_handlers[name].fn(self[state], *arguments)

    @property
    def page(self) -> Any:
        return self[SettingsState]

    async def types(self, path: str, value: str) -> None:
        await self(EditState, "edit", path, value)

    def reloaded(self) -> "Tab":
        """The same browser after a restart of the server: only its storage is left."""
        again = Tab(self.username)
        again.page.kept = self.page.kept
        return again


SIGNED_IN = {"now": ""}
Opens = Callable[[str], Any]


@pytest.fixture
async def opens(desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Lets people open the page on settings that are sound and published."""

    async def who(_desk: Desk, _secret: str | None) -> Any:
        return getattr(cast, SIGNED_IN["now"])

    async def show(*_: Any, **__: Any) -> None:
        return None

    monkeypatch.setattr(guard, "_desk", desk)
    monkeypatch.setattr(sessions, "who", who)
    monkeypatch.setattr(live_state, "_current", SimpleNamespace(show=show))
    now = await service.read(desk, cast.lina)
    revision = await service.save(desk, cast.lina, now.revision, SOUND)
    await service.publish(desk, cast.lina, revision)

    async def opened(username: str) -> Tab:
        tab = Tab(username)
        await tab(SettingsState, "load")
        return tab

    return opened


async def test_lina_edits_and_saves(desk: Desk, cast: Cast, opens: Opens) -> None:
    lina = await opens("lina")
    assert (lina.page.unsaved, lina.page.kept) == (False, "")
    await lina.types("response", "  Somebody comes.  ")
    assert lina.page.unsaved
    assert "Somebody comes." in lina.page.kept
    await lina(SettingsState, "save")
    assert (lina.page.unsaved, lina.page.kept) == (False, "")
    assert (await service.read(desk, cast.lina)).draft.response == "Somebody comes."
    assert [change.field for change in lina.page.unpublished] == ["response"]


async def test_what_is_wrong_is_told_by_field_and_all_that_was_typed_stays(
    desk: Desk, cast: Cast, opens: Opens
) -> None:
    lina = await opens("lina")
    await lina(EditState, "add_condition")
    await lina.types("conditions.c1.label", "angry customer")
    await lina.types("conditions.c1.description", "x" * 5_000)
    await lina(EditState, "toggle_scope", "maria", "topics", "")
    await lina.types("webhook_url", "http://example.com")
    await lina(SettingsState, "save")
    assert set(lina.page.problems) == {
        "conditions.c1.label",
        "conditions.c1.description",
        "conditions.c1.topic",
        "conditions.c1.area",
        "supervisors.maria.topics",
        "webhook_url",
    }
    assert lina.page.conditions[1].description == "x" * 5_000
    assert (await service.read(desk, cast.lina)).draft == SOUND
    await lina.types("conditions.c1.label", "Another")
    assert "conditions.c1.label" not in lina.page.problems
    await lina(EditState, "remove_condition", "c1")
    assert set(lina.page.problems) == {"supervisors.maria.topics", "webhook_url"}


async def test_unsaved_changes_outlive_everything_but_the_browser(opens: Opens) -> None:
    lina = await opens("lina")
    await lina.types("response", "Half a sent")
    again = lina.reloaded()
    await again(SettingsState, "load")
    assert again.page.response == "Half a sent"
    assert (again.page.unsaved, again.page.survived, again.page.meanwhile) == (True, True, "")
    admin = lina.reloaded()
    admin.username = "admin"
    await admin(SettingsState, "load")
    assert (admin.page.response, admin.page.unsaved) == (SOUND.response, False)
    assert "Half a sent" in admin.page.kept


async def test_the_second_to_save_sees_what_differs_and_takes_theirs(opens: Opens) -> None:
    lina, admin = await opens("lina"), await opens("admin")
    await lina.types("response", "Lina's.")
    await admin.types("response", "Admin's.")
    await lina(SettingsState, "save")
    await admin(SettingsState, "save")
    assert admin.page.meanwhile == "Lina saved meanwhile"
    assert [(one.mine, one.theirs) for one in admin.page.clashes] == [("Admin's.", "Lina's.")]
    assert (admin.page.only_mine, admin.page.only_theirs) == ([], [])
    assert admin.page.refused
    assert admin.page.response == "Admin's."
    await admin(SettingsState, "discard")
    assert (admin.page.response, admin.page.meanwhile, admin.page.unsaved) == ("Lina's.", "", False)


async def test_merging_replaces_what_was_shown_and_nothing_newer(
    desk: Desk, cast: Cast, opens: Opens
) -> None:
    lina, admin = await opens("lina"), await opens("admin")
    await admin.types("response", "Admin's.")
    for words in ("Lina's first.", "Lina's second."):
        await lina.types("response", words)
        await lina(SettingsState, "save")
        await admin(SettingsState, "save")
        assert admin.page.clashes[0].theirs == words
        if words == "Lina's second.":
            await admin(ConflictState, "merge")
    await lina.types("response", "Lina's third.")
    await lina(SettingsState, "save")
    await admin(SettingsState, "save")
    assert admin.page.clashes[0].theirs == "Lina's third."
    assert (await service.read(desk, cast.lina)).draft.response == "Lina's third."
    await admin(ConflictState, "merge")
    await admin(SettingsState, "save")
    assert (await service.read(desk, cast.lina)).draft.response == "Admin's."


async def test_what_i_left_alone_stays_as_they_saved_it(
    desk: Desk, cast: Cast, opens: Opens
) -> None:
    lina, admin = await opens("lina"), await opens("admin")
    await admin.types("response", "Admin's.")
    await admin.types("targets.high.amount", "7")
    await admin.types("conditions.c0.urgency", "low")
    await lina.types("language", "fr")
    await lina.types("targets.high.amount", "5")
    await lina.types("conditions.c0.description", "User shouts")
    await lina(SettingsState, "save")
    await admin(SettingsState, "save")
    assert [one.field for one in admin.page.only_mine] == [
        "response",
        "conditions.angry customer.urgency",
    ]
    assert [one.field for one in admin.page.only_theirs] == [
        "language",
        "conditions.angry customer.description",
    ]
    assert [one.field for one in admin.page.clashes] == ["targets.high"]
    await admin(ConflictState, "choose", "targets.high", "theirs")
    await admin(ConflictState, "merge")
    assert (admin.page.meanwhile, admin.page.unsaved) == ("", True)
    await admin(SettingsState, "save")
    now = (await service.read(desk, cast.lina)).draft
    assert (now.response, now.language, now.targets.high) == ("Admin's.", "fr", 300)
    assert now.conditions[0].description == "User shouts"
    assert now.conditions[0].urgency == "low"


async def test_a_colleagues_new_secret_is_no_difference_of_mine(
    desk: Desk, cast: Cast, opens: Opens
) -> None:
    lina = await opens("lina")
    await lina.types("response", "Typed.")
    revision = (await service.read(desk, cast.admin)).revision
    await service.renew_secret(desk, cast.admin, revision)
    await lina(SettingsState, "look_again")
    assert lina.page.meanwhile == ""
    await lina(SettingsState, "save")
    assert (lina.page.meanwhile, lina.page.unsaved) == ("", False)


async def test_what_was_put_back_is_in_nobodys_way(desk: Desk, cast: Cast, opens: Opens) -> None:
    lina = await opens("lina")
    await lina.types("response", "Typed.")
    for language in ("fr", SOUND.language):
        now = await service.read(desk, cast.admin)
        await service.save(desk, cast.admin, now.revision, replace(now.draft, language=language))
    await lina(SettingsState, "save")
    assert (lina.page.meanwhile, lina.page.said[:6]) == ("", "Saved.")


async def test_who_types_what_they_saved_has_nothing_to_decide(opens: Opens) -> None:
    lina, admin = await opens("lina"), await opens("admin")
    await admin.types("response", "The same.")
    await lina.types("response", "The same.")
    await lina(SettingsState, "save")
    await admin(SettingsState, "look_again")
    assert (admin.page.meanwhile, admin.page.unsaved) == ("", False)


async def test_two_tabs_of_one_person_keep_what_is_theirs(opens: Opens) -> None:
    one, two = await opens("lina"), await opens("lina")
    await one.types("response", "Of the first tab.")
    await two.types("language", "fr")
    for tab, changed in ((one, "Of the first tab."), (two, SOUND.response)):
        again = tab.reloaded()
        await again(SettingsState, "load")
        assert again.page.response == changed
    await one(SettingsState, "save")
    await two(SettingsState, "look_again")
    assert two.page.meanwhile == "You saved meanwhile, elsewhere"
    await two(ConflictState, "merge")
    await two(SettingsState, "save")
    assert (two.page.response, two.page.language) == ("Of the first tab.", "fr")


async def test_changes_that_outlived_a_save_of_somebody_else_are_merged_with_it(
    opens: Opens,
) -> None:
    lina, admin = await opens("lina"), await opens("admin")
    await admin.types("language", "fr")
    await lina.types("response", "Lina's.")
    await lina(SettingsState, "save")
    again = admin.reloaded()
    await again(SettingsState, "load")
    assert [one.field for one in again.page.only_mine] == ["language"]
    assert [one.field for one in again.page.only_theirs] == ["response"]


async def test_what_a_closed_tab_left_is_offered_and_not_imposed(opens: Opens) -> None:
    closed = await opens("lina")
    await closed.types("response", "Left behind.")
    new = await opens("lina")
    assert (new.page.response, new[LeftoverState].offered) == (SOUND.response, False)
    await new(LeftoverState, "found", closed.page.kept)
    assert (new.page.response, new[LeftoverState].offered) == (SOUND.response, True)
    await new.types("language", "fr")
    with pytest.raises(InvalidInput, match="first"):
        await new(LeftoverState, "bring_back")
    await new(SettingsState, "discard")
    await new(LeftoverState, "bring_back")
    assert (new.page.response, new.page.unsaved) == ("Left behind.", True)
    assert not new[LeftoverState].offered


async def test_nobody_is_offered_what_somebody_else_left(opens: Opens) -> None:
    lina, admin = await opens("lina"), await opens("admin")
    await lina.types("response", "Left behind.")
    for text in (lina.page.kept, "", "{}", "[" * 100_000):
        await admin(LeftoverState, "found", text)
        assert not admin[LeftoverState].offered


async def test_who_only_looks_is_shown_the_new_draft_and_who_types_is_told(opens: Opens) -> None:
    lina, looking, typing = [await opens(name) for name in ("lina", "admin", "admin")]
    await typing.types("language", "de")
    await lina.types("response", "Lina's.")
    await lina(SettingsState, "save")
    before = looking.page.epoch
    for tab in (looking, typing):
        await tab(SettingsState, "look_again")
    assert looking.page.response == "Lina's."
    assert looking.page.epoch > before
    assert (typing.page.response, typing.page.language) == (SOUND.response, "de")
    assert typing.page.meanwhile == "Lina saved meanwhile"


async def test_the_pushed_mark_is_the_read_one(desk: Desk, cast: Cast, opens: Opens) -> None:
    lina = await opens("lina")
    for step in ("edit", "save", "publish"):
        match step:
            case "edit":
                await lina.types("response", "Another.")
            case "save":
                await lina(SettingsState, "save")
            case "publish":
                await lina(VersionsState, "ask_to_publish")
                await lina(VersionsState, "publish")
        async with desk.database.reading() as session:
            pushed = await SettingsView().read(session, {})
        assert pushed == {"now": lina.page.mark}
    assert SettingsView().state is SettingsMarkState


async def test_publishing_asks_shows_and_makes_the_version_that_was_shown(
    desk: Desk, cast: Cast, opens: Opens
) -> None:
    lina = await opens("lina")
    await lina.types("language", "fr")
    with pytest.raises(InvalidInput, match="unsaved"):
        await lina(VersionsState, "ask_to_publish")
    await lina(SettingsState, "save")
    await lina(VersionsState, "ask_to_publish")
    assert [one.field for one in lina[VersionsState].asking_changes] == ["language"]
    now = await service.read(desk, cast.admin)
    await service.save(desk, cast.admin, now.revision, replace(now.draft, language="de"))
    await lina(VersionsState, "publish")
    assert (await service.read(desk, cast.lina)).version == now.version
    assert (lina[VersionsState].asking, lina.page.language) == ("", "de")
    await lina(VersionsState, "ask_to_publish")
    await lina(VersionsState, "publish")
    assert lina.page.standing.version == now.version + 1


async def test_restoring_asks_and_brings_a_version_back(
    desk: Desk, cast: Cast, opens: Opens
) -> None:
    lina = await opens("lina")
    good = lina.page.standing.version
    await lina.types("response", "Bad words.")
    await lina(SettingsState, "save")
    await lina(VersionsState, "look_at", good)
    assert lina[VersionsState].asking_changes[0].after == SOUND.response
    contents = {one.label: one.words for one in lina[VersionsState].contents}
    assert contents["Escalation response"] == SOUND.response
    assert contents["Topics"] == "Billing, Refund"
    assert "asks for an urgent refund" in contents["Trigger condition “Angry customer”"]
    await lina(VersionsState, "ask_to_restore", good)
    await lina(VersionsState, "restore")
    assert lina.page.response == SOUND.response
    await lina(VersionsState, "read")
    assert lina[VersionsState].history[0].sentence == f"Lina restored version {good} into the draft"


async def test_a_secret_is_renewed_beside_what_is_typed_and_kept_nowhere(opens: Opens) -> None:
    lina = await opens("lina")
    await lina.types("response", "Typed.")
    shown = str(await lina(SecretState, "renew", {"overlap": "24"}))
    assert "whsec_" in shown
    assert (lina.page.response, lina.page.meanwhile) == ("Typed.", "")
    # It went to the page in an event, and no state has it.
    assert "whsec_" not in str(lina[SecretState].dict())
    assert "whsec_" not in lina.page.kept
    await lina(SettingsState, "save")
    assert not lina.page.unsaved


async def test_discarding_names_what_would_go(opens: Opens) -> None:
    lina = await opens("lina")
    await lina.types("response", "Typed.")
    await lina.types("language", "fr")
    await lina(VersionsState, "ask_to_discard")
    assert (lina[VersionsState].asking, lina.page.response) == ("discard", "Typed.")
    told = lina[VersionsState].asking_changes
    assert [(one.field, one.after) for one in told] == [
        ("response", "Typed."),
        ("language", "Français"),
    ]


async def test_who_uses_a_tag_that_leaves_is_named_at_once_and_when_it_is_saved(
    opens: Opens,
) -> None:
    lina = await opens("lina")
    await lina(EditState, "remove_tag", "topics", "Billing")
    assert lina.page.still_used["topics"] == (
        "“Billing” is no longer in the list, but used by the condition “Angry customer”, "
        "the supervisor omar."
    )
    await lina(SettingsState, "save")
    assert lina.page.problems["conditions.c0.topic"] == (
        "“Billing” was removed from the list of topics; choose another."
    )
    await lina(EditState, "add_tag", {"kind": "topics", "tag": "Billing"})
    assert lina.page.still_used == {"topics": "", "areas": ""}


async def test_publishing_says_what_nobody_would_see(opens: Opens) -> None:
    lina = await opens("lina")
    await lina(EditState, "remove_supervisor", "maria")
    await lina(EditState, "toggle_scope", "omar", "topics", "Billing")
    await lina(SettingsState, "save")
    await lina(VersionsState, "ask_to_publish")
    assert lina[VersionsState].uncovered == [
        "Billing · Payment: no supervisor would see cases of “Angry customer”"
    ]


async def test_a_new_secret_is_said_to_be_renewed(opens: Opens) -> None:
    lina = await opens("lina")
    await lina(SecretState, "renew", {"overlap": "24"})
    assert [(one.before, one.after) for one in lina.page.unpublished] == [
        ("the former one", "renewed")
    ]


async def test_only_supervisors_are_found_who_are_not_listed_yet(opens: Opens) -> None:
    lina = await opens("lina")
    await lina(PeopleSearchState, "search", "a")
    assert (lina[PeopleSearchState].found, lina[PeopleSearchState].listed_already) == ([], 2)
    await lina(EditState, "remove_supervisor", "maria")
    await lina(PeopleSearchState, "search", "a")
    assert [one.username for one in lina[PeopleSearchState].found] == ["maria"]
    with pytest.raises(InvalidInput, match="already"):
        await lina(EditState, "add_supervisor", "omar")
    with pytest.raises(InvalidInput, match="nobody"):
        await lina(EditState, "add_supervisor", "mallory")


async def test_omar_is_told_and_is_shown_nothing(opens: Opens) -> None:
    omar = await opens("omar")
    assert omar.page.denied == "Your role (supervisor) may not change the settings."
    assert (omar.page.ready, omar.page.conditions, omar.page.mark) == (False, [], "")
    assert omar[FrameState].may_configure is False
    with pytest.raises(NotPermitted):
        await omar(SettingsState, "save")


async def test_an_edit_before_the_page_is_read_is_refused_and_kept_nowhere(opens: Opens) -> None:
    lina = await opens("lina")
    await lina.types("response", "Half a sent")
    again = lina.reloaded()
    with pytest.raises(InvalidInput, match="still being read"):
        await again.types("language", "fr")
    assert again.page.kept == lina.page.kept


@pytest.mark.parametrize(
    ("state", "name", "arguments"),
    [
        (EditState, "edit", ("response", 3)),
        (EditState, "edit", ("response",)),
        (EditState, "edit", ("nothing", "x")),
        (EditState, "edit", ("response", "x" * 100_001)),
        (EditState, "switch", ("enabled", "yes")),
        (EditState, "switch", ("response", True)),
        (EditState, "add_tag", ({"kind": "people", "tag": "x"},)),
        (EditState, "add_tag", ({},)),
        (EditState, "remove_tag", ("people", "x")),
        (EditState, "toggle_scope", ("maria", "topics", "Unheard of")),
        (EditState, "toggle_scope", ("nobody", "topics", "Billing")),
        (EditState, "add_supervisor", (None,)),
        (PeopleSearchState, "search", ("x" * 201,)),
        (VersionsState, "look_at", ("1",)),
        (VersionsState, "look_at", (2**63,)),
        (VersionsState, "ask_to_restore", (2**63,)),
        (VersionsState, "ask_to_publish", ()),
        (ConflictState, "merge", ()),
        (ConflictState, "choose", ("response", "mine")),
        (LeftoverState, "bring_back", ()),
    ],
)
async def test_what_no_page_sends_is_answered_in_words_and_changes_nothing(
    opens: Opens, state: type[rx.State], name: str, arguments: tuple[Any, ...]
) -> None:
    lina = await opens("lina")
    with pytest.raises(InvalidInput, match=r"\.$"):
        await lina(state, name, *arguments)
    assert (lina.page.unsaved, lina.page.kept) == (False, "")


async def test_coverage_tells_of_open_cases_that_no_supervisor_of_that_queue_sees(
    desk: Desk, cast: Cast, opens: Opens
) -> None:
    lina = await opens("lina")
    await a_case(desk, cast, topic="Billing", area="Delivery")
    await lina(EditState, "remove_supervisor", "maria")
    await lina(SettingsState, "save")

    async def told() -> dict[str, Any]:
        shown: dict[str, Any] = {}
        async with desk.database.reading() as session:
            for view in views_of_settings():
                if isinstance(view, CoverageView):
                    shown |= await view.read(session, {})
        return shown

    # Omar sees what the condition's cases are by default.
    nothing = {"preview": [], "published": [], "preview_quiet": "", "published_quiet": ""}
    assert await told() == nothing
    await lina(VersionsState, "ask_to_publish")
    await lina(VersionsState, "publish")
    assert (await told())["published"] == ["Billing · Delivery: 1 case seen by no supervisor"]
    await lina(EditState, "switch", "enabled", False)
    await lina(SettingsState, "save")
    now = await told()
    assert now["published_quiet"] == ""
    assert now["preview_quiet"] == (
        "Escalation is switched off in the preview settings. "
        "Only cases that an agent escalates by itself arrive here."
    )
