"""What people look for is found however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.search import DOCUMENT_LIMIT, FIELD_LIMIT, Search, document, folded


@pytest.mark.parametrize(
    ("written", "sought"),
    [("ПРИВЕТ", "привет"), ("José", "JOSE"), ("Straße", "STRASSE"), ("İstanbul", "istanbul")],
)
def test_case_and_accents_do_not_matter(written: str, sought: str) -> None:
    assert folded(written) == folded(sought)


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("typed", "search"),
    [
        ("#46", Search(("#46",), 46)),
        ("46", Search(("46",), 46)),
        ("46 euros", Search(("46", "euros"))),
        ("Twice  charged twice", Search(("twice", "charged"))),
        ("\u0301", Search(("\u0301",))),
    ],
)
def test_a_search_is_words_or_the_number_of_a_case(typed: str, search: Search) -> None:
    assert Search.of(typed) == search


def test_a_pasted_log_takes_no_more_room_than_a_long_letter() -> None:
    assert len(document(["a" * 100_000])) == FIELD_LIMIT
    assert len(document(["a" * 100_000] * 100)) == DOCUMENT_LIMIT
