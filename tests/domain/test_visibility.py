"""Text that nobody can see is no content, and two names that read alike are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.configuration import same_name
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import required
from escalation_app.domain.visibility import is_visible

INVISIBLE = [
    *("\u200b", "\u2060", "\ufeff", "\u00ad", "\u200d", "\u200e", "\x07", "\u0301", "\ufe0f"),
    *("\u3164", "\u2800", "\u00a0", "\u2028", "\U000e0041", " \u200b \u00ad\n"),
]


@pytest.mark.parametrize("text", INVISIBLE)
def test_text_of_invisible_characters_alone_is_empty(text: str) -> None:
    assert not is_visible(text)
    with pytest.raises(InvalidInput, match="must not be empty"):
        required(text, "What happened")


@given(st.text(st.sampled_from("".join(INVISIBLE))))
def test_any_number_of_them_says_nothing(text: str) -> None:
    assert not is_visible(text)
    assert same_name(f"Bill{text}ing") in {"billing", "bill ing"} or "\u0301" in text


@pytest.mark.parametrize(
    "text", ["می‌خواهم", "👨‍👩‍👧", "क्ष", "é", "e\u0301", "❤️", "7", "…", "\U0001faff"]
)
def test_joiners_and_marks_inside_words_stay(text: str) -> None:
    assert required(f" {text} ", "Label") == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Billing", "billing\u200b"),
        ("Billing", "\ufeffBill\u00ading"),
        ("Billing", "\uff22\uff49lling"),
        ("Café", "cafe\u0301"),
        ("Straße", "STRASSE"),
        ("Late  delivery", "late\u00a0delivery"),
    ],
)
def test_names_that_people_read_as_one_are_the_same(one: str, other: str) -> None:
    assert same_name(one) == same_name(other)


def test_names_that_differ_in_a_letter_do_not() -> None:
    assert same_name("Cafe") != same_name("Café")


@given(st.text(max_size=30))
def test_what_is_read_is_read_the_same_again(name: str) -> None:
    assert same_name(name) == same_name(f" {name}\u200b")
