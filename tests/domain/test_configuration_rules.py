"""Each thing that can be wrong with the settings is told beside its field, and all of it at once."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from escalation_app.domain.configuration import (
    Configuration,
    ResponseTargets,
    SupervisorScope,
    Webhook,
)
from escalation_app.domain.configuration_rules import problems, warnings
from escalation_app.domain.languages import LANGUAGES
from tests.domain.configurations import ANGRY, CONFIGURATIONS, ROLES, SOUND


def told(configuration: Configuration) -> dict[str, str]:
    return {problem.field: problem.sentence for problem in problems(configuration, ROLES)}


def with_condition(**changes: Any) -> Configuration:
    return replace(SOUND, conditions=(replace(ANGRY, **changes),))


def with_supervisor(
    username: str = "omar",
    topics: tuple[str, ...] | None = None,
    areas: tuple[str, ...] | None = None,
) -> Configuration:
    return replace(SOUND, supervisors=(SupervisorScope(username, topics, areas),))


def with_url(url: str) -> Configuration:
    return replace(SOUND, webhook=Webhook(True, url))


@pytest.mark.parametrize("configuration", [SOUND, Configuration()])
def test_sound_settings_are_taken(configuration: Configuration) -> None:
    assert told(configuration) == {}


WRONG: list[tuple[str, Configuration, str]] = [
    (
        "conditions.1.label",
        replace(SOUND, conditions=(ANGRY, replace(ANGRY, label=" ANGRY CUSTOMER "))),
        "Another condition has this label.",
    ),
    ("conditions.0.label", with_condition(label=" "), "must not be empty"),
    ("conditions.0.label", with_condition(label="x" * 121), "longer than 120"),
    ("conditions.0.label", with_condition(label="a\x00b"), "NUL"),
    ("conditions.0.label", with_condition(label=7), "must be text"),
    ("conditions.0.description", with_condition(description=""), "must not be empty"),
    ("conditions.0.description", with_condition(description="x" * 5_000), "longer than 2,000"),
    ("conditions.0.description", with_condition(description="\ud800"), "half a character"),
    ("conditions.0.urgency", with_condition(urgency="terrible"), "Choose an urgency."),
    ("conditions.0.topic", with_condition(topic="Weather"), "list of topics"),
    ("conditions.0.area", with_condition(area=""), "list of areas"),
    ("conditions", replace(SOUND, conditions=(ANGRY,) * 101), "100"),
    ("response", replace(SOUND, response="x" * 501), "longer than 500"),
    ("response", replace(SOUND, response=""), "must not be empty"),
    ("response", replace(SOUND, enabled=False, response="x" * 501), "longer than 500"),
    ("language", replace(SOUND, language="xx"), "languages in the list"),
    ("targets.high", replace(SOUND, targets=ResponseTargets(high=0)), "one minute"),
    ("targets.low", replace(SOUND, targets=ResponseTargets(low=43_201)), "30 days"),
    ("supervisors.0.username", with_supervisor("nobody"), "nobody of this name"),
    ("supervisors.0.username", with_supervisor("lina"), "no supervisor"),
    ("supervisors.0.topics", with_supervisor(topics=()), "at least one topic, or ALL"),
    ("supervisors.0.areas", with_supervisor(areas=()), "at least one area, or ALL"),
    ("supervisors.0.topics.1", with_supervisor(topics=("Billing", "Weather")), "not in the list"),
    ("supervisors.0.areas.1", with_supervisor(areas=("Payment", "Payment")), "chosen twice"),
    (
        "supervisors.1.username",
        replace(SOUND, supervisors=(SupervisorScope("omar", None, None),) * 2),
        "in the list twice",
    ),
    ("topics.2", replace(SOUND, topics=("Billing", "Refund", "refund")), "in the list twice"),
    ("topics.2", replace(SOUND, topics=("Billing", "Refund", "a,b")), "comma"),
    ("areas.2", replace(SOUND, areas=("Delivery", "Payment", "All")), "ALL"),
    ("areas.2", replace(SOUND, areas=("Delivery", "Payment", "")), "must not be empty"),
    ("webhook.url", with_url(""), "must not be empty"),
    ("webhook.url", with_url("http://example.com"), "https://"),
    ("webhook.url", with_url("example.com"), "https://"),
    ("webhook.url", with_url("https://"), "no host"),
    ("webhook.url", with_url("https://me:secret@example.com"), "name or password"),
    ("webhook.url", with_url("https://@example.com"), "name or password"),
    ("webhook.url", with_url("https://example.com/a b"), "space"),
    ("webhook.url", with_url("https://example.com/\n"), "invisible"),
    ("webhook.url", with_url("https://example.com:port"), "can't be read"),
    ("webhook.url", with_url("https://[::1"), "can't be read"),
    ("webhook.url", with_url("https://example.com/" + "x" * 2_000), "longer than 2,000"),
]


@pytest.mark.parametrize(("field", "configuration", "sentence"), WRONG)
def test_it_is_refused_beside_its_field(
    field: str, configuration: Configuration, sentence: str
) -> None:
    assert sentence in told(configuration)[field]


def test_everything_wrong_is_told_at_once() -> None:
    wrong = replace(
        with_condition(label="", description="x" * 5_000),
        response="x" * 501,
        language="",
        webhook=Webhook(True, "http://example.com"),
    )
    assert set(told(wrong)) == {
        "conditions.0.label",
        "conditions.0.description",
        "response",
        "language",
        "webhook.url",
    }


def test_a_webhook_that_is_off_needs_no_url() -> None:
    assert told(replace(SOUND, webhook=Webhook(False, ""))) == {}


@pytest.mark.parametrize(
    "url", ["http://example.com", "example.com", "ftp://example.com", "\u200b"]
)
def test_a_webhook_that_is_off_keeps_no_url_that_it_could_not_be_switched_on_with(url: str) -> None:
    assert "webhook.url" in told(replace(SOUND, webhook=Webhook(False, url)))


def test_a_name_that_nobody_can_see_is_none() -> None:
    assert "must not be empty" in told(with_condition(label="\u200b"))["conditions.0.label"]
    twice = replace(SOUND, topics=("Billing", "Refund", "Re\u200bfund"))
    assert told(twice)["topics.2"] == "This topic is in the list twice."


def test_a_slower_target_for_the_more_urgent_is_a_warning() -> None:
    odd = replace(SOUND, targets=ResponseTargets(critical=120))
    assert told(odd) == {}
    assert [warning.field for warning in warnings(odd)] == ["targets.high"]
    assert warnings(SOUND) == ()


@given(CONFIGURATIONS)
def test_any_bundle_is_judged_without_an_error(configuration: Configuration) -> None:
    problems(configuration, ROLES)
    assert configuration.tidied().tidied() == configuration.tidied()


def test_a_summary_can_be_in_one_of_at_least_20_languages() -> None:
    assert len(LANGUAGES) >= 20
    assert LANGUAGES["id"] == "Bahasa Indonesia"
