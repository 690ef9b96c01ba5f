"""Who looks at a completed case sees what its customer says then, as if it were loaded anew."""

from escalation_app.domain.vocabulary import Speaker
from escalation_app.services import conversations, escalations
from escalation_app.services.desk import Desk
from escalation_app.state.live import Live
from tests.cast import Cast, a_case, id_of
from tests.state.fake_app import FakeApp
from tests.state.test_live import without_feed


async def test_a_message_to_a_completed_case_is_pushed(desk: Desk, cast: Cast) -> None:
    app = FakeApp()
    live = Live(app, desk)
    case = await a_case(desk, cast)
    await escalations.claim(desk, cast.maria, id_of(case))
    await escalations.complete(desk, cast.maria, id_of(case), "a", "b")
    maria = await app.looks(desk, live, cast.maria, case_id=id_of(case))
    heard = await conversations.add_message(
        desk, cast.lina, case.conversation_id, Speaker.USER, "One more thing"
    )
    assert heard.escalation is None
    await live.synchronise()
    fresh = await app.looks(desk, live, cast.maria, case_id=id_of(case), sid="maria again")
    assert "One more thing" in str(app.screen(fresh))
    assert without_feed(app.screen(maria)) == without_feed(app.screen(fresh))
