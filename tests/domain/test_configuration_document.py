from typing import Any

import pytest
from hypothesis import given

from escalation_app.domain.configuration import Configuration
from escalation_app.domain.configuration_document import as_document, from_json, parse, to_json
from escalation_app.domain.configuration_refusals import InvalidConfiguration
from tests.domain.configurations import CONFIGURATIONS, SOUND


def wrong(document: Any) -> list[str]:
    with pytest.raises(InvalidConfiguration) as refused:
        parse(document)
    return [problem.field for problem in refused.value.problems]


@given(CONFIGURATIONS)
def test_what_was_stored_comes_back_equal(configuration: Configuration) -> None:
    assert from_json(to_json(configuration)) == configuration
    assert parse(as_document(configuration)) == configuration


def test_all_fields_that_cannot_be_read_are_named_at_once() -> None:
    document = as_document(SOUND)
    document["nonsense"] = 1
    document["conditions"][0]["label"] = 7
    document["conditions"][0]["urgency"] = "terrible"
    document["supervisors"][1]["topics"] = "Billing"
    document["webhook"]["enabled"] = "yes"
    document["targets"]["low"] = 1.5
    del document["areas"]
    assert set(wrong(document)) == {
        "nonsense",
        "conditions.0.label",
        "conditions.0.urgency",
        "supervisors.1.topics",
        "webhook.enabled",
        "targets.low",
        "areas",
    }


@pytest.mark.parametrize("name", list(as_document(Configuration())))
def test_nothing_left_out_is_taken_for_its_default(name: str) -> None:
    document = as_document(SOUND)
    del document[name]
    assert wrong(document) == [name]


def test_who_sees_all_is_said_and_never_assumed() -> None:
    document = as_document(SOUND)
    del document["supervisors"][1]["areas"]
    assert wrong(document) == ["supervisors.1.areas"]


@pytest.mark.parametrize("document", [None, [], 7, "text", {}, {"webhook": None}])
def test_what_is_no_bundle_is_refused(document: Any) -> None:
    assert wrong(document)


def test_half_a_character_is_named_beside_its_field() -> None:
    document = as_document(SOUND)
    document["conditions"][0]["description"] = "half \ud800"
    assert wrong(document) == ["conditions.0.description"]


def test_a_format_that_nobody_knows_is_not_read() -> None:
    with pytest.raises(ValueError, match="format"):
        from_json(to_json(SOUND).replace('"format":1', '"format":2'))


@pytest.mark.parametrize("field", ["conditions", "topics", "supervisors"])
def test_of_a_list_without_end_only_that_is_told(field: str) -> None:
    document = as_document(SOUND) | {field: [{}] * 85_000, "nonsense": 1}
    assert wrong(document) == [field]


def test_a_supervisor_with_tags_without_end_is_told_only_that() -> None:
    document = as_document(SOUND)
    document["supervisors"][1]["topics"] = ["x"] * 20_000
    assert wrong(document) == ["supervisors.1.topics"]


def test_a_document_that_is_none_at_all_is_told_so_and_not_field_by_field() -> None:
    document = as_document(SOUND)
    document["supervisors"] = [{"username": "maria", "topics": [{}] * 990, "areas": None}] * 80
    assert wrong(document) == [""]
