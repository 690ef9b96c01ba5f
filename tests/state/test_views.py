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

MOVING = ("status",)


def row_of(number: int, status: str = "Pending") -> dict[str, Any]:
    return {"id": number, "topic": "Refund", "status": status}


def rows_of(shown: dict[str, Any]) -> list[Any]:
    return [shown[f"slot_{slot}"] | shown[f"slot_{slot}_now"] for slot in shown["order"]]


def slots_of(shown: dict[str, Any]) -> dict[int, str]:
    """Where each row that is shown stands."""
    return {shown[f"slot_{slot}"]["id"]: f"slot_{slot}" for slot in shown.get("order", [])}


ROWS = st.lists(
    st.builds(row_of, st.integers(1, 20), st.sampled_from(["Pending", "InProgress"])),
    unique_by=lambda row: row["id"],
    max_size=12,
)


@given(st.lists(ROWS, max_size=8))
def test_rows_are_always_in_order_whatever_slots_they_have(pages: list[list[Any]]) -> None:
    shown: dict[str, Any] = {}
    browser: dict[str, Any] = {}
    for page in pages:
        kept = slots_of(shown)
        shown = into_slots(page, shown, MOVING)
        browser |= shown
        assert rows_of(browser) == page
        for row_id in {row["id"] for row in page} & set(kept):
            assert shown[kept[row_id]]["id"] == row_id


def test_of_a_row_that_changed_only_what_moves_is_sent() -> None:
    before = into_slots([row_of(1), row_of(2)], {}, MOVING)
    now = into_slots([row_of(1), row_of(2, "InProgress")], before, MOVING)
    changed = {name: value for name, value in now.items() if before[name] != value}
    assert changed == {"slot_1_now": {"id": 2, "status": "InProgress"}}


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
