"""The checker accepts what could have happened, and finds and tells what could not.

Histories are played on the desk's own `Escalation`, one deed after the other, and then pulled
apart in time, so that calls overlap and answers are lost as they are when processes are killed.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.escalation import Escalation, Resolution
from escalation_app.domain.people import ALL_QUEUES, Viewer
from escalation_app.domain.refusals import Refusal
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, Role, Status, Urgency
from tests.faults.case_register import State, Verb
from tests.faults.claim_history import NO_ANSWER, Answer, Call, Outcome
from tests.faults.linearizability import Fact, contradiction

PEOPLE = {name: number for number, name in enumerate(("Maria", "Omar", "Lina", "Nils"))}
# Between one deed and the next; an answer takes up to three of them.
STEP = 10


class Fate(StrEnum):
    ANSWERED = "answered"
    DONE_AND_LOST = "done, and its answer lost"
    NEVER_DONE = "never done, and nobody knows"
    UNCHANGED = "turned away before it began"


@dataclass(frozen=True)
class Deed:
    who: str
    verb: Verb
    what: str = "Refunded"
    fate: Fate = Fate.ANSWERED
    before: int = 0
    after: int = 0


def deeds(fates: list[Fate], spread: int = 3 * STEP) -> st.SearchStrategy[list[Deed]]:
    """By three people; Nils comes later."""
    return st.lists(
        st.builds(
            Deed,
            who=st.sampled_from(["Maria", "Omar", "Lina"]),
            verb=st.sampled_from(Verb),
            what=st.sampled_from(["Refunded", "Rebooked"]),
            fate=st.sampled_from(fates),
            before=st.integers(0, spread),
            after=st.integers(0, spread),
        ),
        max_size=30,
    )


ANY = deeds([Fate.ANSWERED, *Fate])
ALL_ANSWERED = deeds([Fate.ANSWERED])


class Story:
    """One case on which deeds are done, and the history that people have of it."""

    def __init__(self, done: list[Deed] = []) -> None:  # noqa: B006 - never changed
        self.calls: list[Call] = []
        self.timeline: list[Fact] = []
        self.states = [State()]
        self._case = Escalation(id=1, queue=Queue.PUBLISHED, status=Status.PENDING)
        self._case.urgency = Urgency.HIGH
        self._now = 0
        for deed in done:
            self.tell(deed)

    @property
    def found(self) -> str | None:
        return contradiction(self.calls, self.timeline)

    def tell(self, deed: Deed) -> None:
        self._now += STEP
        since, until = self._now - deed.before, self._now + deed.after
        call = Call(1, deed.who, deed.verb, since, deed.what)
        match deed.fate:
            case Fate.ANSWERED:
                call = replace(call, answer=self._do(deed), until=until)
            case Fate.DONE_AND_LOST:
                self._do(deed)
            case Fate.UNCHANGED:
                call = replace(call, answer=Answer(Outcome.UNCHANGED), until=until)
            case Fate.NEVER_DONE:
                pass
        self.calls.append(call)

    def later(self, who: str, verb: Verb, answer: Answer = NO_ANSWER) -> None:
        """Something that is asked and answered when all that was told before is over."""
        self._now += 10 * STEP
        self.calls.append(Call(1, who, verb, self._now, "Refunded", answer, self._now + 1))

    def quietly(self, who: str, verb: Verb) -> None:
        """A deed that overlaps with none."""
        self._now += 10 * STEP
        self.tell(Deed(who, verb))

    def _do(self, deed: Deed) -> Answer:
        try:
            fact = self._verb(deed)
        except Refusal as refusal:
            return Answer(Outcome.REFUSED, str(refusal))
        if fact is not None:
            self.timeline.append(Fact(fact.kind.value, fact.actor))
            self.states.append(self._state())
        facts = len(self.timeline) if deed.verb is Verb.LOOK else None
        return Answer(Outcome.DONE, "", self._state(), facts)

    def _verb(self, deed: Deed) -> TimelineEntry | None:
        by = Viewer(PEOPLE[deed.who], deed.who, Role.SUPERVISOR, ALL_QUEUES)
        now = datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=self._now)
        match deed.verb:
            case Verb.CLAIM:
                return self._case.claim(by, now)
            case Verb.RELEASE:
                return self._case.release(by, "", now)
            case Verb.COMPLETE:
                return self._case.complete(by, Resolution(deed.what, "Told them"), now)
            case Verb.LOOK:
                return None

    def _state(self) -> State:
        case = self._case
        owner = case.completed_by or case.claimed_by or ""
        return State(case.status, owner, case.what_happened)


def in_hands(done: list[Deed]) -> Story:
    """After all that, somebody has the case or has completed it."""
    story = Story(done)
    story.quietly("Maria", Verb.CLAIM)
    return story


@given(ANY)
def test_whatever_people_do_at_once_is_explained_also_when_answers_are_lost(
    done: list[Deed],
) -> None:
    assert Story(done).found is None


def test_what_64_asked_in_vain_and_never_heard_of_is_explained() -> None:
    story = Story([Deed("Omar", Verb.CLAIM, fate=Fate.NEVER_DONE)] * 64)
    for _ in range(64):
        story.quietly("Maria", Verb.CLAIM)
        story.quietly("Maria", Verb.RELEASE)
    assert story.found is None
    story.later("Lina", Verb.LOOK, Answer(Outcome.DONE, "", State(Status.COMPLETED, "Lina"), 0))
    assert story.found is not None


@given(ALL_ANSWERED, st.booleans())
def test_a_second_winner_is_found(done: list[Deed], is_in_the_timeline: bool) -> None:
    story = in_hands(done)
    won = Answer(Outcome.DONE, "", State(Status.IN_PROGRESS, "Nils"))
    story.later("Nils", Verb.CLAIM, won)
    if is_in_the_timeline:
        story.timeline.append(Fact("claimed", "Nils"))
    assert "nothing explains Nils's claim (done: InProgress with Nils)." in str(story.found)


@given(ALL_ANSWERED)
def test_a_second_completion_is_found(done: list[Deed]) -> None:
    story = in_hands(done)
    story.later("Nils", Verb.COMPLETE, Answer(Outcome.DONE))
    assert "nothing explains Nils's complete (done)." in str(story.found)


@given(ALL_ANSWERED, st.data())
def test_a_stale_look_is_found(done: list[Deed], data: st.DataObject) -> None:
    story = in_hands(done)
    facts = data.draw(st.integers(0, len(story.timeline) - 1))
    story.later("Nils", Verb.LOOK, Answer(Outcome.DONE, "", story.states[facts], facts))
    assert "nothing explains Nils's look" in str(story.found)


@given(ALL_ANSWERED)
def test_a_refusal_while_the_case_is_free_is_found(done: list[Deed]) -> None:
    story = Story([deed for deed in done if deed.verb is not Verb.COMPLETE])
    for name in ("Maria", "Omar", "Lina"):
        story.quietly(name, Verb.RELEASE)
    story.later("Nils", Verb.CLAIM, Answer(Outcome.REFUSED, "Claimed by Maria 3 s ago."))
    assert "the case is Pending, and nothing explains Nils's claim" in str(story.found)


@given(ALL_ANSWERED)
def test_a_refusal_that_names_somebody_else_is_found(done: list[Deed]) -> None:
    story = in_hands(done)
    story.later("Lina", Verb.CLAIM, Answer(Outcome.REFUSED, "Claimed by Nils 3 s ago."))
    assert "nothing explains Lina's claim (refused: Claimed by Nils 3 s ago.)." in str(story.found)


@given(st.sampled_from([State(), State(Status.IN_PROGRESS, "Nils")]))
def test_an_answer_that_shows_another_case_than_it_is_is_found(shown: State) -> None:
    story = in_hands([])
    story.later("Maria", Verb.CLAIM, Answer(Outcome.DONE, "", shown))
    assert "nothing explains Maria's claim (done: " in str(story.found)


@given(ALL_ANSWERED)
def test_a_change_that_the_timeline_does_not_tell_is_found(done: list[Deed]) -> None:
    story = in_hands(done)
    story.timeline.pop()
    assert story.found is not None


@given(ALL_ANSWERED)
def test_a_change_that_only_the_timeline_tells_is_found(done: list[Deed]) -> None:
    story = Story([deed for deed in done if deed.verb is not Verb.COMPLETE])
    for name in ("Maria", "Omar", "Lina"):
        story.quietly(name, Verb.RELEASE)
    story.timeline.append(Fact("claimed", "Nils"))
    assert "nobody's call explains that it was claimed by Nils." in str(story.found)


@given(ALL_ANSWERED)
def test_a_row_that_is_ahead_of_its_timeline_is_found(done: list[Deed]) -> None:
    story = in_hands(done)
    facts = len(story.timeline) - 1
    story.later("Nils", Verb.LOOK, Answer(Outcome.DONE, "", story.states[-1], facts))
    assert "nothing explains Nils's look" in str(story.found)


@given(ALL_ANSWERED)
def test_a_change_of_which_it_was_said_that_nothing_changed_is_found(done: list[Deed]) -> None:
    story = in_hands([deed for deed in done if deed.verb in (Verb.LOOK, Verb.RELEASE)])
    story.calls[-1] = replace(story.calls[-1], answer=Answer(Outcome.UNCHANGED))
    assert "nobody's call explains that it was claimed by Maria." in str(story.found)


def test_an_order_against_the_time_is_found() -> None:
    story = Story()
    for name in ("Maria", "Omar"):
        story.quietly(name, Verb.CLAIM)
        story.quietly(name, Verb.RELEASE)
    assert story.found is None
    story.timeline[:] = story.timeline[2:] + story.timeline[:2]
    assert "nothing explains Maria's claim" in str(story.found)


def test_a_call_without_an_answer_may_be_done_late() -> None:
    story = lost_claim(since=0)
    story.later("Nils", Verb.LOOK, Answer(Outcome.DONE, "", State(), 2))
    story.later("Nils", Verb.LOOK, Answer(Outcome.DONE, "", OMARS, 3))
    assert story.found is None


def test_a_call_without_an_answer_that_is_done_before_it_was_made_is_found() -> None:
    story = lost_claim(since=100 * STEP)
    assert story.found is None
    story.later("Nils", Verb.LOOK, Answer(Outcome.DONE, "", OMARS, 3))
    assert "nothing explains Nils's look (done: InProgress with Omar)." in str(story.found)


OMARS = State(Status.IN_PROGRESS, "Omar")


def lost_claim(since: int) -> Story:
    """Maria had the case and gave it back, and Omar claimed it and never heard what came of it."""
    story = Story()
    story.quietly("Maria", Verb.CLAIM)
    story.quietly("Maria", Verb.RELEASE)
    story.calls.append(Call(1, "Omar", Verb.CLAIM, since))
    story.timeline.append(Fact("claimed", "Omar"))
    return story
