"""A pushed screen and a freshly loaded one are the same, after every verb."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.db import timeline
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Viewer
from escalation_app.domain.vocabulary import Queue, Speaker, Urgency, View
from escalation_app.services import conversations, escalations
from escalation_app.services.desk import Desk
from escalation_app.state.views import RowsView, SharedView, into_slots, views_of
from tests.cast import Cast, a_case, id_of


def rows_of(shown: dict[str, Any]) -> list[Any]:
    return [shown[f"slot_{slot}"] for slot in shown["order"]]


@given(st.lists(st.lists(st.integers(1, 20), unique=True, max_size=12), max_size=8))
def test_rows_are_always_in_order_whatever_slots_they_have(pages: list[list[int]]) -> None:
    shown: dict[str, Any] = {}
    browser: dict[str, Any] = {}
    for page in pages:
        kept = {v["id"]: k for k, v in shown.items() if k.startswith("slot_") and v}
        shown = into_slots([{"id": row_id} for row_id in page], shown)
        browser |= shown
        assert [row["id"] for row in rows_of(browser)] == page
        for row_id in set(page) & set(kept):
            assert shown[kept[row_id]]["id"] == row_id


async def read(desk: Desk, view: SharedView, shown: dict[str, Any], seq: int) -> dict[str, Any]:
    async with desk.database.reading() as session:
        return await view.read(session, shown, await timeline.since(session, seq))


@pytest.mark.parametrize("chosen", [View.WAITING, View.MINE, View.ALL, View.COMPLETED])
async def test_pushed_equals_loaded_after_every_verb(desk: Desk, cast: Cast, chosen: View) -> None:
    first = await a_case(desk, cast)
    case_id = id_of(first)

    def views(viewer: Viewer) -> tuple[SharedView, ...]:
        return views_of(viewer, Queue.PUBLISHED, QueueFilter(view=chosen), 50, case_id)[:3]

    pushed: dict[SharedView, dict[str, Any]] = {}
    steps = [
        lambda: a_case(desk, cast, urgency=Urgency.CRITICAL),
        lambda: a_case(desk, cast, topic="Booking"),
        lambda: escalations.claim(desk, cast.maria, case_id),
        lambda: conversations.add_message(
            desk, cast.lina, first.conversation_id, Speaker.USER, "Hello?"
        ),
        lambda: escalations.release(desk, cast.maria, case_id, "Mine no more."),
        lambda: escalations.claim(desk, cast.omar, case_id),
        lambda: escalations.complete(desk, cast.omar, case_id, "a", "b"),
    ]
    for step in steps:
        await step()
        for view in (*views(cast.maria), *views(cast.omar)):
            pushed[view] = await read(desk, view, pushed.get(view, {}), 0)
            loaded = await read(desk, view, {}, 0)
            if isinstance(view, RowsView):
                assert rows_of(pushed[view]) == rows_of(loaded)
            else:
                assert pushed[view] == loaded


async def test_omar_and_maria_never_share_a_view_that_shows_more_than_omar_may_see(
    desk: Desk, cast: Cast
) -> None:
    await a_case(desk, cast, topic="Booking", reason="A secret of another topic")
    chosen = QueueFilter(view=View.ALL)
    omars = views_of(cast.omar, Queue.PUBLISHED, chosen, 50, None)
    marias = views_of(cast.maria, Queue.PUBLISHED, chosen, 50, None)
    assert not set(omars) & set(marias)
    for view in omars:
        assert "secret" not in str(await read(desk, view, {}, 0))
