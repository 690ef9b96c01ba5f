"""The script goes on from wherever the conversation stands."""

from hypothesis import given
from hypothesis import strategies as st

from escalation_app.demo.angry_customer import EXTERNAL_ID, SCRIPT
from escalation_app.demo.rehearsal import STEPS, follows_the_script, next_step, steps_done
from escalation_app.domain.vocabulary import Speaker

BETWEEN = st.lists(st.sampled_from(["Thank you for waiting.", "Hello?", ""]), max_size=3)


@given(st.lists(BETWEEN, min_size=STEPS, max_size=STEPS))
def test_it_is_said_whole_and_in_order_whatever_is_said_between(between: list[list[str]]) -> None:
    said: list[str] = []
    told = []
    for others in between:
        step = next_step(said, agent_is_silent=False)
        assert step is not None
        told.append(step)
        said += [step[1], *others]
    assert told == list(SCRIPT)
    assert next_step(said, agent_is_silent=False) is None


@given(st.integers(0, STEPS))
def test_once_people_have_taken_over_only_the_customer_goes_on(taken_over_after: int) -> None:
    said = [text for _, text in SCRIPT[:taken_over_after]]
    while step := next_step(said, agent_is_silent=True):
        assert step[0] is Speaker.USER
        said.append(step[1])
    assert steps_done(said) == STEPS


def test_a_conversation_of_ones_own_follows_no_script() -> None:
    assert follows_the_script(f"{EXTERNAL_ID}-1")
    assert not follows_the_script("test-1")
