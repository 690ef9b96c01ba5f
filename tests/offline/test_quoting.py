"""What somebody said is quoted whole where it fits, and never so that it means the opposite."""

from hypothesis import given
from hypothesis import strategies as st

from escalation_app.offline.quoting import CUT, quote

ROBBED = "Is this a joke? You don't seem very bothered that I was robbed of $500. Call me."


def quoted(text: str, words: str, room: int = 140) -> str:
    start = text.index(words)
    return quote(text, start, start + len(words), room)


def test_the_whole_sentence_is_quoted_and_no_other() -> None:
    assert quoted(ROBBED, "robbed") == "You don't seem very bothered that I was robbed of $500."


def test_a_doctors_title_ends_no_sentence() -> None:
    said = "Stop! Dr. Morgan said to never take it. Ever."
    assert quoted(said, "never take") == "Dr. Morgan said to never take it."


def test_where_a_sentence_is_cut_stands_an_ellipsis_and_what_comes_before_is_kept() -> None:
    assert quoted(ROBBED, "bothered", 40) == "You don't seem very bothered that I was…"
    assert quoted(ROBBED, "robbed", 30) == "…bothered that I was robbed…"


@given(st.text(max_size=300), st.data(), st.integers(20, 160))
def test_a_quote_of_anything_fits_and_is_verbatim_but_for_space(
    text: str, data: st.DataObject, room: int
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = quote(text, start, end, room)
    assert len(found) <= room
    assert found.strip(CUT) in " ".join(text.split()) or CUT in text
