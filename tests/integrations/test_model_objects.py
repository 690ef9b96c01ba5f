"""Objects are found in whatever way a model writes them, and however its text is cut up."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.model_failures import ModelFailed
from escalation_app.integrations.model.objects import ObjectReader, first_object
from escalation_app.integrations.model.retry import pause_before_retry
from escalation_app.integrations.model.wire import read_json

OBJECTS = st.lists(
    st.fixed_dictionaries({"text": st.text(), "cites": st.lists(st.integers(0, 99), max_size=3)}),
    max_size=4,
)


@given(OBJECTS, st.sampled_from(["\n", ",", "\n```\n", " and then "]), st.integers(1, 9))
def test_however_the_text_is_cut_up_the_objects_are_the_same(
    written: list[dict[str, object]], between: str, size: int
) -> None:
    text = "<think>{no}</think>```json\n" + between.join(json.dumps(one) for one in written)
    reader = ObjectReader()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert [found for piece in pieces for found in reader.read(piece)] == written
    assert not reader.is_inside


PROSE = st.lists(
    st.sampled_from(
        ["Sure {here} it is: ", "{", "{ok} ", "{}}", '{"text" ', "{{x}} ", '{"a": tru ']
    ),
    max_size=4,
).map("".join)


@given(PROSE, OBJECTS.filter(bool), st.integers(1, 9))
def test_braces_in_the_words_around_hide_no_object(
    prose: str, written: list[dict[str, object]], size: int
) -> None:
    text = prose + "\n".join(json.dumps(one) for one in written)
    reader = ObjectReader()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    found = [one for piece in pieces for one in reader.read(piece)]
    assert found == written
    assert not reader.is_inside


def test_a_broken_object_among_others_is_not_left_out_in_silence() -> None:
    text = '{"text": "One."}\n{"text": "Two.", "cites": [1,]}\n{"text": "Three."}'
    reader = ObjectReader().read(text)
    assert next(reader) == {"text": "One."}
    with pytest.raises(ModelFailed):
        next(reader)


def test_the_first_object_is_found_behind_braces_in_prose() -> None:
    assert first_object('The answer {as asked} is: {"trigger": null}') == {"trigger": None}


@given(st.text(alphabet='{}[]":,<think>/ \n0', max_size=200))
def test_rubbish_ends_in_an_object_or_a_failure(text: str) -> None:
    try:
        found = first_object(text)
    except ModelFailed:
        return
    assert found is None or isinstance(found, dict)


@pytest.mark.parametrize("text", ["null", " None.", "```\nnull\n```", "<think>hm</think>\nnone"])
def test_the_words_for_none_are_understood(text: str) -> None:
    assert first_object(text) is None


@pytest.mark.parametrize(
    "text", ["[" * 30_000, '{"a":' * 30_000, "9" * 5_000, b"\xff\xfe", "{", "{x}" * 30_000]
)
def test_json_made_to_hurt_is_only_unusable(text: str | bytes) -> None:
    with pytest.raises(ModelFailed):
        read_json(text)
    if isinstance(text, str):
        with pytest.raises(ModelFailed):
            first_object(text)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0.5),
        ("", 0.5),
        ("soon", 0.5),
        ("-5", 0.5),
        ("0", 0),
        ("7", 7),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
    ],
)
def test_the_pause_is_the_one_the_server_asks_for(header: str | None, seconds: float) -> None:
    assert pause_before_retry(header) == seconds
