"""What is written down is read back, as far as a process came before it was killed."""

from pathlib import Path

import pytest

from escalation_app.domain.vocabulary import Status
from tests.faults.case_register import State, Verb
from tests.faults.claim_history import NO_ANSWER, Answer, Outcome, Recorder, by_case, read

WON = Answer(Outcome.DONE, "", State(Status.IN_PROGRESS, "Maria"))
LOST = Answer(Outcome.REFUSED, "Claimed by Maria 0 s ago.")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Maria and Omar, each in a process of their own, contest two cases."""
    files = [tmp_path / "maria", tmp_path / "omar"]
    maria, omar = (Recorder(file) for file in files)
    first = maria.asks(1, "Maria", Verb.CLAIM)
    second = omar.asks(1, "Omar", Verb.CLAIM)
    maria.hears(first, WON)
    omar.hears(second, LOST)
    omar.asks(2, "Omar", Verb.COMPLETE, "Refunded")
    return files


def test_calls_of_all_processes_are_read_in_the_order_in_which_they_were_made(
    files: list[Path],
) -> None:
    calls = read(reversed(files))
    told = [(call.case, call.who, call.verb, call.what, call.answer) for call in calls]
    assert told == [
        (1, "Maria", Verb.CLAIM, "", WON),
        (1, "Omar", Verb.CLAIM, "", LOST),
        (2, "Omar", Verb.COMPLETE, "Refunded", NO_ANSWER),
    ]
    assert calls[0].since < calls[1].since < calls[0].until < calls[1].until < calls[2].since
    assert [call.is_open for call in calls] == [False, False, True]
    assert by_case(calls) == {1: calls[:2], 2: calls[2:]}


def test_an_answer_cut_off_in_the_middle_is_none(files: list[Path]) -> None:
    text = files[0].read_text()
    files[0].write_text(text[:-1])
    assert [call.is_open for call in read(files)] == [True, False, True]


def test_a_call_cut_off_in_the_middle_was_not_made(files: list[Path]) -> None:
    files[1].write_text(files[1].read_text()[:-1])
    assert [call.case for call in read(files)] == [1, 1]
