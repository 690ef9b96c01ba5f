from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.configuration import (
    Configuration,
    ResponseTargets,
    SupervisorScope,
    Webhook,
)
from escalation_app.domain.differences import FieldChange, differences, in_words
from tests.domain.configurations import ANGRY, CONFIGURATIONS, SOUND


@given(CONFIGURATIONS, CONFIGURATIONS)
def test_nothing_differs_exactly_between_equals(a: Configuration, b: Configuration) -> None:
    assert differences(a, a) == []
    assert bool(differences(a, b)) == (a != b)


@given(CONFIGURATIONS, CONFIGURATIONS)
def test_there_and_back_are_the_same_fields_turned_round(
    a: Configuration, b: Configuration
) -> None:
    def told(changes: list[FieldChange]) -> set[tuple[str, str, str]]:
        return {(change.field, change.before, change.after) for change in changes}

    back = {(field, after, before) for field, before, after in told(differences(b, a))}
    assert told(differences(a, b)) == back


@given(CONFIGURATIONS, CONFIGURATIONS)
def test_taking_over_the_fields_that_differ_leaves_no_difference(
    a: Configuration, b: Configuration
) -> None:
    fields = {change.field.split(".")[0] for change in differences(a, b)}
    applied = replace(a, **{field: getattr(b, field) for field in fields})
    assert applied == b


@given(CONFIGURATIONS, st.integers(1, 43_200))
def test_one_changed_target_is_one_difference(a: Configuration, minutes: int) -> None:
    b = replace(a, targets=replace(a.targets, high=minutes))
    changed = [change.field for change in differences(a, b)]
    assert changed == ([] if a.targets.high == minutes else ["targets.high"])


def test_a_condition_is_matched_by_its_label_and_not_by_its_place() -> None:
    other = replace(ANGRY, label="Disputed charge")
    before = replace(SOUND, conditions=(ANGRY, other))
    after = replace(SOUND, conditions=(other, replace(ANGRY, description="User shouts")))
    assert differences(before, after) == [
        FieldChange(
            "conditions.angry customer.description",
            "Trigger condition “Angry customer”, description",
            "User is angry and asks for an urgent refund",
            "User shouts",
        ),
        FieldChange(
            "conditions",
            "Order of the trigger conditions",
            "angry customer, disputed charge",
            "disputed charge, angry customer",
        ),
    ]


def test_what_comes_and_goes_is_told_in_words() -> None:
    after = replace(
        SOUND,
        enabled=False,
        language="de",
        targets=ResponseTargets(high=90),
        supervisors=(SupervisorScope("omar", None, ("Payment",)),),
        topics=("Billing", "Booking"),
        webhook=Webhook(False, ""),
    )
    told = [(change.label, change.before, change.after) for change in differences(SOUND, after)]
    assert told == [
        ("Escalation", "on", "off"),
        ("Summary language", "Bahasa Indonesia", "Deutsch"),
        ("Response target, high", "1 h", "1 h 30 min"),
        ("Webhook", "on", "off"),
        ("Webhook URL", "https://example.com/hook", ""),
        ("Supervisor maria", "topics ALL; areas ALL", ""),
        ("Supervisor omar, topics", "Billing, Refund", "ALL"),
        ("Topic", "Refund", ""),
        ("Topic", "", "Booking"),
    ]


def test_minutes_are_told_as_people_say_them() -> None:
    assert [in_words(minutes) for minutes in (15, 60, 1_440, 1_565)] == [
        "15 min",
        "1 h",
        "1 d",
        "1 d 2 h 5 min",
    ]
