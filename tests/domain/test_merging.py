"""Lina and admin changed one bundle: nobody's change is lost, and nobody's is made for them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.configuration import (
    Configuration,
    ResponseTargets,
    SupervisorScope,
    Webhook,
    same_name,
)
from escalation_app.domain.differences import differences
from escalation_app.domain.merging import Merge, Side
from escalation_app.domain.vocabulary import Urgency
from tests.domain.configurations import ANGRY, CONFIGURATIONS, SOUND

OTHER = replace(ANGRY, label="Disputed charge")
THIRD = replace(ANGRY, label="Wants a person")

# Fields that two people can change without meeting.
APART: dict[str, Any] = {
    "enabled": lambda one: replace(one, enabled=not one.enabled),
    "response": lambda one: replace(one, response=f"{one.response}!"),
    "language": lambda one: replace(one, language="de" if one.language == "fr" else "fr"),
    **{
        urgency: lambda one, urgency=urgency: replace(
            one, targets=replace(one.targets, **{urgency: getattr(one.targets, urgency) + 1})
        )
        for urgency in ("critical", "high", "medium", "low")
    },
    "webhook.enabled": lambda one: replace(
        one, webhook=replace(one.webhook, enabled=not one.webhook.enabled)
    ),
    "webhook.url": lambda one: replace(one, webhook=replace(one.webhook, url="https://x.example")),
    "description": lambda one: replace(
        one, conditions=(replace(one.conditions[0], description="Other"), *one.conditions[1:])
    ),
    "urgency": lambda one: replace(
        one, conditions=(replace(one.conditions[0], urgency=Urgency.LOW), *one.conditions[1:])
    ),
    "added condition": lambda one: replace(one, conditions=(*one.conditions, THIRD)),
    "deleted condition": lambda one: replace(
        one, conditions=tuple(each for each in one.conditions if each.label != OTHER.label)
    ),
    "scope": lambda one: replace(
        one, supervisors=(replace(one.supervisors[0], topics=("Refund",)), *one.supervisors[1:])
    ),
    "topic": lambda one: replace(one, topics=(*one.topics, "Warranty")),
    "area": lambda one: replace(one, areas=one.areas[1:]),
}
BASE = replace(SOUND, conditions=(ANGRY, OTHER))


@given(st.dictionaries(st.sampled_from(list(APART)), st.sampled_from(Side)))
def test_edits_apart_always_merge(edits: dict[str, Side]) -> None:
    mine = theirs = expected = BASE
    for name, side in edits.items():
        expected = APART[name](expected)
        mine = APART[name](mine) if side is Side.MINE else mine
        theirs = APART[name](theirs) if side is Side.THEIRS else theirs
    merge = Merge(BASE, mine, theirs)
    assert merge.clashes == ()
    assert differences(merge.merged, expected) == []
    assert merge.only_mine == differences(theirs, expected)
    assert merge.only_theirs == differences(mine, expected)


@given(CONFIGURATIONS, CONFIGURATIONS)
def test_who_changed_nothing_takes_theirs_and_who_alone_changed_keeps_theirs(
    base: Configuration, other: Configuration
) -> None:
    assert Merge(base, base, other).merged == other
    assert Merge(base, other, base).merged == other
    assert Merge(base, other, other).merged == other
    for mine, theirs in ((base, other), (other, base), (other, other)):
        assert Merge(base, mine, theirs).clashes == ()


def each_name_once(bundle: Configuration) -> Configuration:
    return replace(
        bundle,
        conditions=tuple({same_name(one.label): one for one in bundle.conditions}.values()),
        supervisors=tuple({one.username: one for one in bundle.supervisors}.values()),
        topics=tuple({same_name(one): one for one in bundle.topics}.values()),
        areas=tuple({same_name(one): one for one in bundle.areas}.values()),
    )


SAVED = CONFIGURATIONS.map(each_name_once)


@given(SAVED, SAVED, SAVED, st.sampled_from(Side))
def test_nothing_that_i_left_alone_differs_from_theirs(
    base: Configuration, mine: Configuration, theirs: Configuration, side: Side
) -> None:
    merge = Merge(base, mine, theirs)
    merge = replace(merge, chosen=dict.fromkeys(merge.clashes, side))
    touched = {change.field for change in differences(base, mine)}
    for change in differences(theirs, merge.merged):
        # A member's own parts come and go with it; an order follows from what came.
        owner = change.field.rpartition(".")[0]
        parts = {one for one in touched if one.startswith(f"{change.field}.")}
        assert change.field in touched or owner in touched or parts
    told = {change.field for change in merge.both_changed}
    assert told == set(merge.clashes)


@given(CONFIGURATIONS, CONFIGURATIONS, CONFIGURATIONS)
def test_no_member_is_lost_whatever_it_is_called(
    base: Configuration, mine: Configuration, theirs: Configuration
) -> None:
    added = Merge(replace(base, conditions=()), mine, replace(theirs, conditions=())).merged
    assert sorted(one.label for one in added.conditions) == sorted(
        one.label for one in mine.conditions
    )


@pytest.mark.parametrize(("side", "response"), [(Side.MINE, "Mine."), (Side.THEIRS, "Theirs.")])
def test_what_both_changed_is_chosen(side: Side, response: str) -> None:
    mine = replace(SOUND, response="Mine.", language="fr")
    theirs = replace(SOUND, response="Theirs.", targets=ResponseTargets(high=5))
    merge = Merge(SOUND, mine, theirs)
    assert merge.clashes == ("response",)
    assert [(one.before, one.after) for one in merge.both_changed] == [("Mine.", "Theirs.")]
    assert [one.field for one in merge.only_mine] == ["language"]
    assert [one.field for one in merge.only_theirs] == ["targets.high"]
    merged = merge.choosing("response", side).merged
    assert (merged.response, merged.language, merged.targets.high) == (response, "fr", 5)


def test_two_parts_of_one_condition_don_t_clash_and_its_deletion_does() -> None:
    shouts = replace(SOUND, conditions=(replace(ANGRY, description="User shouts"),))
    refunds = replace(SOUND, conditions=(replace(ANGRY, topic="Refund"),))
    both = Merge(SOUND, shouts, refunds)
    assert both.merged.conditions == (replace(ANGRY, description="User shouts", topic="Refund"),)
    gone = Merge(SOUND, replace(SOUND, conditions=()), refunds)
    assert gone.clashes == ("conditions.angry customer",)
    assert gone.choosing(gone.clashes[0], Side.THEIRS).merged == refunds
    assert gone.choosing(gone.clashes[0], Side.MINE).merged.conditions == ()


def test_two_who_move_conditions_differently_choose_the_order() -> None:
    base = replace(SOUND, conditions=(ANGRY, OTHER, THIRD))
    mine = replace(SOUND, conditions=(OTHER, ANGRY, THIRD))
    theirs = replace(SOUND, conditions=(THIRD, ANGRY, OTHER))
    merge = Merge(base, mine, theirs)
    assert merge.clashes == ("conditions",)
    assert merge.choosing("conditions", Side.THEIRS).merged == theirs
    assert Merge(base, mine, base).merged == mine


def test_the_same_topic_in_two_spellings_is_chosen_once() -> None:
    mine, theirs = (replace(SOUND, topics=(*SOUND.topics, tag)) for tag in ("VIP", "Vip"))
    merge = Merge(SOUND, mine, theirs)
    assert merge.clashes == ("topics.vip.name",)
    assert [same_name(tag) for tag in merge.merged.topics].count("vip") == 1


def test_supervisors_are_merged_person_by_person() -> None:
    maria, omar = SOUND.supervisors
    mine = replace(SOUND, supervisors=(maria, replace(omar, topics=None)))
    theirs = replace(
        SOUND,
        supervisors=(replace(maria, areas=("Payment",)), omar),
        webhook=Webhook(False, ""),
    )
    assert Merge(SOUND, mine, theirs).merged == replace(
        theirs,
        supervisors=(
            SupervisorScope("maria", None, ("Payment",)),
            SupervisorScope("omar", None, ("Payment",)),
        ),
    )
