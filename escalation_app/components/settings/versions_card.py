"""What is published, earlier versions, and who did what."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.differences import differences_table
from escalation_app.components.settings.fields import card
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_rows import DeedRow, VersionRow
from escalation_app.state.versions import VersionsState


def versions_card() -> rx.Component:
    return card(
        "Versions",
        _published(),
        rx.cond(
            SettingsState.unpublished.length() > 0,
            rx.el.details(
                rx.el.summary(
                    rx.cond(
                        SettingsState.unpublished.length() == 1,
                        "1 difference",
                        SettingsState.unpublished.length().to_string() + " differences",
                    ),
                    " between the draft and what is published",
                ),
                differences_table(SettingsState.unpublished, "Published", "Draft"),
            ),
            rx.el.p("The draft is the same as what is published.", class_name="quiet-text"),
        ),
        rx.el.ol(
            rx.foreach(VersionsState.versions, _version), class_name="versions", reversed=True
        ),
    )


def history_card() -> rx.Component:
    return card(
        "History",
        rx.el.ol(rx.foreach(VersionsState.history, _deed), class_name="timeline"),
    )


def _published() -> rx.Component:
    standing = SettingsState.standing
    return rx.el.p(
        rx.cond(
            standing.version == 0,
            "Nothing has been published yet.",
            rx.fragment(
                rx.el.strong("Version ", standing.version),
                " published by ",
                standing.published_by,
                " ",
                client.age(at=standing.published_at, ago=True),
            ),
        ),
        role="status",
        custom_attrs={"data-testid": "published-version"},
    )


def _version(version: rx.Var[VersionRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(rx.el.strong("Version ", version.number), " by ", version.published_by, " "),
            client.age(at=version.published_at, ago=True),
            rx.el.div(
                rx.el.button(
                    "Look",
                    rx.el.span(" at version ", version.number, class_name="sr-only"),
                    type="button",
                    class_name="quiet",
                    aria_haspopup="dialog",
                    disabled=~client.connected,
                    on_click=VersionsState.look_at(version.number),
                ),
                rx.el.button(
                    "Restore into the draft",
                    rx.el.span(": version ", version.number, class_name="sr-only"),
                    type="button",
                    class_name="quiet",
                    disabled=SettingsState.unsaved | ~client.connected,
                    title=rx.cond(SettingsState.unsaved, "Save or discard your changes first", ""),
                    on_click=VersionsState.ask_to_restore(version.number),
                ),
                class_name="button-row",
            ),
            class_name="version-head",
        ),
        key=version.number,
        custom_attrs={"data-testid": "version", "data-number": version.number},
    )


def _deed(deed: rx.Var[DeedRow]) -> rx.Component:
    words = rx.fragment(deed.sentence, client.age(at=deed.at, ago=True))
    return rx.el.li(
        rx.cond(
            deed.changes.length() > 0,
            rx.el.details(rx.el.summary(words), differences_table(deed.changes, "Before", "After")),
            rx.el.span(words),
        ),
        custom_attrs={"data-testid": "deed"},
    )
