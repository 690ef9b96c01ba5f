"""The form shows a bundle as it is, takes any edit, and names what is wrong by its own fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.configuration import Configuration
from escalation_app.domain.configuration_rules import LONGEST_TARGET_MINUTES, problems
from escalation_app.domain.refusals import InvalidInput
from escalation_app.state import settings_fields as fields
from escalation_app.state.settings_form import (
    UNITS,
    SettingsForm,
    TargetForm,
    bundle_of,
    form_of,
    is_whole,
    minutes_of,
    with_condition,
    without_condition,
)
from escalation_app.state.settings_kept import Unsaved, read_kept, write_kept
from escalation_app.state.settings_problems import by_field
from escalation_app.state.settings_rows import supervisor_rows, target_rows
from tests.domain.configurations import CONFIGURATIONS, ROLES, SOUND

FORM = form_of(SOUND)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(CONFIGURATIONS)
def test_what_the_form_shows_is_the_bundle(bundle: Configuration) -> None:
    form = form_of(bundle)
    assert bundle_of(form) == bundle
    assert is_whole(form)
    assert len(supervisor_rows(form, {})) == len(bundle.supervisors)
    assert len(target_rows(form)) == 4


@given(CONFIGURATIONS, st.integers(0, 1_000))
def test_what_is_kept_is_read_again_by_the_same_person_alone(
    bundle: Configuration, revision: int
) -> None:
    mine = Unsaved(revision, form_of(bundle), FORM)
    others = write_kept("", 7, Unsaved(1, FORM, FORM))
    kept = write_kept(others, 3, mine)
    assert read_kept(kept, 3) == mine
    assert read_kept(kept, 7) == Unsaved(1, FORM, FORM)
    assert read_kept(kept, 9) is None
    assert write_kept(kept, 3, None) == others
    assert write_kept(others, 7, None) == ""


@given(st.text() | JUNK.map(str) | JUNK)
def test_whatever_a_browser_kept_is_read_without_an_error(kept: object) -> None:
    assert read_kept(kept, 3) is None
    assert read_kept(write_kept(kept, 3, Unsaved(1, FORM, FORM)), 3) == Unsaved(1, FORM, FORM)


@pytest.mark.parametrize(
    "wrong",
    [
        '{"3": {"revision": 1}}',
        '{"3": {"revision": "1", "form": {}}}',
        '{"3": {"revision": 1, "form": {"targets": []}}}',
        "[" * 100_000,
        "x" * 3_000_000,
    ],
)
def test_half_a_form_is_no_form(wrong: str) -> None:
    assert read_kept(wrong, 3) is None


@given(CONFIGURATIONS)
def test_every_problem_has_a_field_of_the_form(bundle: Configuration) -> None:
    form = form_of(bundle.tidied())
    wrong = problems(bundle.tidied(), ROLES)
    told = by_field(form, wrong)
    names = (
        {"response", "language", "webhook_url", "topics", "areas", "conditions", "supervisors"}
        | {f"targets.{one.urgency}.amount" for one in form.targets}
        | {
            f"conditions.{one.key}.{part}"
            for one in form.conditions
            for part in fields.OF_CONDITION
        }
        | {
            f"supervisors.{one.username}.{part}"
            for one in form.supervisors
            for part in ("username", "topics", "areas")
        }
    )
    assert set(told) <= names
    assert bool(told) == bool(wrong)


def test_a_problem_follows_its_condition_when_others_leave() -> None:
    form = with_condition(with_condition(FORM))
    form = without_condition(form, "c0")
    form = without_condition(form, "c1")
    told = by_field(form, problems(bundle_of(form).tidied(), ROLES))
    assert {field for field in told if field.startswith("conditions")} == {
        "conditions.c2.label",
        "conditions.c2.description",
        "conditions.c2.topic",
        "conditions.c2.area",
    }


def test_a_problem_of_a_supervisor_is_told_of_the_right_one() -> None:
    form = fields.with_supervisor(FORM, "aaron")
    told = by_field(form, problems(bundle_of(form).tidied(), ROLES))
    assert set(told) == {
        "supervisors.aaron.username",
        "supervisors.aaron.topics",
    }


@pytest.mark.parametrize(
    ("amount", "unit", "minutes"),
    [
        ("15", "minutes", 15),
        (" 07 ", "hours", 420),
        ("1.5", "hours", 0),
        ("1,5", "hours", 0),
        ("1,440", "minutes", 0),
        ("1.440", "minutes", 0),
        ("1 440", "minutes", 0),
        ("1_0", "minutes", 0),
        ("+5", "minutes", 0),
        ("5e1", "minutes", 0),
        ("٣", "minutes", 0),
        ("2", "days", 2_880),
        ("", "hours", 0),
        ("soon", "hours", 0),
        ("-3", "hours", 0),
        ("nan", "hours", 0),
        ("inf", "days", 0),
        ("0.001", "minutes", 0),
    ],
)
def test_targets_are_typed_as_people_write_them(amount: str, unit: str, minutes: int) -> None:
    assert minutes_of(TargetForm("high", amount, unit)) == minutes


@given(st.text(), st.sampled_from(list(UNITS)))
def test_whatever_is_typed_as_a_target_is_a_number(amount: str, unit: str) -> None:
    assert minutes_of(TargetForm("high", amount, unit)) >= 0


def test_a_target_that_is_too_long_is_refused_and_not_cut() -> None:
    for amount in ("99999", "9" * 400, "9" * 90_000):
        form = fields.with_text(FORM, "targets.high.amount", amount)
        assert minutes_of(form.targets[1]) > LONGEST_TARGET_MINUTES
        assert target_rows(form)[1].words == "30 days at the most"


@pytest.mark.parametrize("amount", ["1,440", "1_0", "1.5", "", "soon"])
def test_what_is_no_whole_number_is_told_so_beside_the_field(amount: str) -> None:
    form = fields.with_text(FORM, "targets.low.amount", amount)
    assert target_rows(form)[3].words == ""
    told = by_field(form, problems(bundle_of(form).tidied(), ROLES))
    assert told == {"targets.low.amount": "Write a whole number in digits alone, such as 90."}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("response", "Hello"),
        ("webhook_url", "http://"),
        ("language", "fr"),
        ("conditions.c0.label", ""),
        ("conditions.c0.description", "x" * 5_000),
        ("conditions.c0.urgency", "low"),
        ("conditions.c0.topic", "Gone"),
        ("targets.high.amount", "soon"),
        ("targets.high.unit", "days"),
    ],
)
def test_a_field_takes_what_is_typed(path: str, value: str) -> None:
    changed = fields.with_text(FORM, path, value)
    assert changed != FORM
    assert value in str(changed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("enabled", "yes"),
        ("next_key", "3"),
        ("conditions", "x"),
        ("conditions.c9.label", "x"),
        ("conditions.0.label", "x"),
        ("conditions.c0.key", "c7"),
        ("conditions.c0.urgency", "extreme"),
        ("conditions.c0.__class__", "x"),
        ("targets.high.unit", "years"),
        ("targets.extreme.amount", "1"),
        ("language", "xx"),
        ("supervisors.maria.topics", "ALL"),
        ("", ""),
        ("....", ""),
    ],
)
def test_what_is_no_field_of_the_page_is_refused_in_words(path: str, value: str) -> None:
    with pytest.raises(InvalidInput, match="no such field"):
        fields.with_text(FORM, path, value)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_path_and_tag_from_a_socket_is_taken_or_refused(path: str, value: str) -> None:
    for call in (
        lambda: fields.with_text(FORM, path, value),
        lambda: fields.with_switch(FORM, path, True),
        lambda: fields.with_tag(FORM, path, value),
        lambda: fields.without_tag(FORM, path, value),
        lambda: fields.with_scope(FORM, "maria", path, value),
        lambda: fields.with_scope(FORM, value, "topics", path),
    ):
        try:
            assert isinstance(call(), SettingsForm)
        except InvalidInput:
            continue


def test_all_is_one_choice_and_a_tag_ends_it() -> None:
    def topics(form: SettingsForm) -> object:
        return form.supervisors[0].topics

    none = fields.with_scope(FORM, "maria", "topics", "")
    one = fields.with_scope(FORM, "maria", "topics", "Refund")
    two = fields.with_scope(one, "maria", "topics", "Billing")
    assert (topics(FORM), topics(none)) == (None, ())
    assert (topics(one), topics(two)) == (("Refund",), ("Billing", "Refund"))
    assert topics(fields.with_scope(two, "maria", "topics", "Refund")) == ("Billing",)
    assert topics(fields.with_scope(two, "maria", "topics", "")) is None


def test_a_tag_that_left_the_list_can_still_be_taken_from_a_supervisor() -> None:
    form = fields.without_tag(FORM, "topics", "Refund")
    assert "Refund" in [choice.tag for choice in supervisor_rows(form, {})[1].topics]
    assert fields.with_scope(form, "omar", "topics", "Refund").supervisors[1].topics == ("Billing",)


@pytest.mark.parametrize("tag", ["", "  ", "refund", "a,b", "all", "x" * 121])
def test_a_tag_is_new_short_and_no_list(tag: str) -> None:
    with pytest.raises(InvalidInput):
        fields.with_tag(FORM, "topics", tag)
    assert "Warranty" in fields.with_tag(FORM, "topics", " Warranty ").topics
