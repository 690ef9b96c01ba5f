"""What the settings leave out: cases that no supervisor sees or would see, and queues where nothing said opens one.

It is said where it can be mended, and over the queue.
"""

from typing import Any

import reflex as rx

from escalation_app import routes
from escalation_app.components.links import inner_link
from escalation_app.state.frame import FrameState
from escalation_app.state.screen import CoverageState


def coverage_line() -> rx.Component:
    """One line over a queue, for who may change it."""
    is_preview = FrameState.place == "preview"
    unseen = rx.cond(is_preview, CoverageState.preview, CoverageState.published)
    quiet = rx.cond(is_preview, CoverageState.preview_quiet, CoverageState.published_quiet)
    return rx.cond(
        FrameState.may_configure,
        rx.cond(
            unseen.length() > 0,
            _line(
                rx.el.span(unseen[0], class_name="coverage-first"),
                rx.cond(
                    unseen.length() > 1,
                    rx.el.span("and ", unseen.length() - 1, " more", class_name="quiet-text"),
                ),
                href=f"{routes.SETTINGS}#coverage",
            ),
            rx.cond(quiet != "", _line(quiet, href=routes.SETTINGS)),
        ),
    )


def _line(*said: Any, href: str) -> rx.Component:
    return rx.el.div(
        *said,
        inner_link("Open the settings", href=href, class_name="plain"),
        role="status",
        class_name="line-banner coverage-line",
    )


def coverage_card() -> rx.Component:
    """All of them, queue by queue."""
    return rx.cond(
        CoverageState.published.length() + CoverageState.preview.length() > 0,
        rx.el.section(
            rx.el.h2("Coverage"),
            rx.el.p(
                "No supervisor of their queue sees these cases. Give them to somebody below, "
                "or admins have to take them."
            ),
            rx.el.div(
                _of_queue("Published queue", CoverageState.published),
                _of_queue("Preview queue", CoverageState.preview),
                class_name="two",
            ),
            id="coverage",
            class_name="card coverage",
            custom_attrs={"data-testid": "coverage"},
        ),
    )


def _of_queue(heading: str, unseen: rx.Var[list[str]]) -> rx.Component:
    return rx.cond(
        unseen.length() > 0,
        rx.el.div(
            rx.el.h3(heading),
            rx.el.ul(rx.foreach(unseen, lambda line: rx.el.li(line, key=line.to(str)))),
        ),
    )
