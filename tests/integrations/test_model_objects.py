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


@pytest.mark.parametrize("text", ["[" * 30_000, '{"a":' * 30_000, "9" * 5_000, b"\xff\xfe", "{"])
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
