"""A profile from a form: what has no value is left out, what makes no sense is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.profile import FIELD_LIMIT, profile_of
from escalation_app.domain.refusals import InvalidInput


def test_the_order_is_the_forms_and_stray_white_space_goes() -> None:
    profile = profile_of(["name", "plan", "order "], [" Dana", "  ", "A-1\n"])
    assert list(profile.items()) == [("name", "Dana"), ("order", "A-1")]


@pytest.mark.parametrize(
    ("names", "values", "sentence"),
    [
        (["name", "NAME"], ["Dana", "Lee"], "The profile has the field “NAME” twice."),
        ([""], ["Dana"], "must not be empty"),
        (["n" * 61], ["Dana"], "longer than 60"),
        (["name"], ["x" * 1_001], "Profile field “name” is longer than 1,000"),
        (["name"], ["\ud800"], "half a character"),
        ([{"a": 1}], ["Dana"], "must be text"),
        (["name"], [None], "must be text"),
        (["name"], [], "at most"),
        (["name"] * (FIELD_LIMIT + 1), [""] * (FIELD_LIMIT + 1), "at most"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    names: list[object], values: list[object], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        profile_of(names, values)


@given(st.lists(st.tuples(st.text() | st.none() | st.integers(), st.text() | st.none())))
def test_whatever_is_sent_is_a_storable_profile_or_refused(
    pairs: list[tuple[object, object]],
) -> None:
    try:
        profile = profile_of([name for name, _ in pairs], [value for _, value in pairs])
    except InvalidInput as refusal:
        str(refusal).encode()
        return
    for name, value in profile.items():
        assert name.strip() == name != ""
        assert value.strip() == value != ""
        f"{name}{value}".encode()
