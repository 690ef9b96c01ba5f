"""A pushed screen and a freshly loaded one are the same, after every verb."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.vocabulary import Queue, View
from escalation_app.services.desk import Desk
from escalation_app.state.slots import into_slots
from escalation_app.state.views import views_of
from tests.cast import Cast, a_case


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


async def test_omar_and_maria_never_share_a_view_that_shows_more_than_omar_may_see(
    desk: Desk, cast: Cast
) -> None:
    await a_case(desk, cast, topic="Booking", reason="A secret of another topic")
    chosen = QueueFilter(view=View.ALL)
    omars = views_of(cast.omar, Queue.PUBLISHED, chosen, 50, None)
    marias = views_of(cast.maria, Queue.PUBLISHED, chosen, 50, None)
    assert not set(omars) & set(marias)
    async with desk.database.reading() as session:
        for view in omars:
            assert "secret" not in str(await view.read(session, {}))
