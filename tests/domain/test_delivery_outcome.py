"""What an answer's status means for the webhook, and for the person who looks after it."""

import pytest

from escalation_app.domain.delivery_outcome import Outcome, sentence_for


def outcome(status: int | None) -> Outcome:
    return Outcome(status=status, reason="", first_line="", duration_ms=1)


def test_only_two_hundreds_are_a_success_and_everything_else_has_a_sentence() -> None:
    for status in range(100, 600):
        said = sentence_for(status)
        assert outcome(status).succeeded == (said == "") == (status // 100 == 2)
        if said:
            assert said.startswith(f"The receiver answered {status}")
            assert said[-1] in ".?"


def test_no_answer_is_no_success_and_asks_for_nothing() -> None:
    nothing = outcome(None)
    assert not nothing.succeeded
    assert not nothing.is_gone
    assert not nothing.asks_to_slow_down


def test_gone_is_the_only_wish_for_no_more_deliveries() -> None:
    assert [status for status in range(100, 600) if outcome(status).is_gone] == [410]


def test_three_statuses_ask_to_slow_down() -> None:
    assert [s for s in range(100, 600) if outcome(s).asks_to_slow_down] == [429, 502, 504]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (
            301,
            "The receiver answered 301 (Moved Permanently) and wants to send us elsewhere;"
            " redirects are not followed.",
        ),
        (404, "The receiver answered 404 (Not Found): there is nothing at the webhook's URL."),
        (410, "The receiver answered 410 (Gone): it wants no more deliveries."),
        (418, "The receiver answered 418 (I'm a Teapot): it does not accept the request as it is."),
        (429, "The receiver answered 429 (Too Many Requests): it asks us to slow down."),
        (500, "The receiver answered 500 (Internal Server Error): it has a fault of its own."),
        (599, "The receiver answered 599: it has a fault of its own."),
        (999, "The receiver answered 999, which is no answer to a delivery."),
    ],
)
def test_the_person_reads_what_the_status_means(status: int, sentence: str) -> None:
    assert sentence_for(status) == sentence
