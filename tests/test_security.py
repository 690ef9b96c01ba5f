"""The table of security requirements is whole, and what it names is there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
TABLE = (PROJECT / "docs/security.md").read_text()
STATES = ("passed", "gap", "not applicable")
# How many requirements of levels 1 and 2 each section of each chapter has;
# their numbers run from 1, and those of level 3 come last.
SECTIONS = {
    1: {1: 2, 2: 9, 3: 11, 4: 3, 5: 2},
    2: {1: 3, 2: 3, 3: 4, 4: 1},
    3: {2: 2, 3: 4, 4: 6, 5: 5, 7: 2},
    4: {1: 3, 2: 1, 3: 2, 4: 4},
    5: {1: 1, 2: 3, 3: 2, 4: 3},
    6: {1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4},
    7: {1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2},
    8: {1: 2, 2: 3, 3: 1, 4: 1},
    9: {1: 3, 2: 4},
    10: {1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3},
    11: {1: 2, 2: 3, 3: 3, 4: 4, 5: 1, 6: 1},
    12: {1: 3, 2: 2, 3: 4},
    13: {1: 1, 2: 5, 3: 2, 4: 5},
    14: {1: 2, 2: 4, 3: 3},
    15: {1: 3, 2: 3, 3: 7},
    16: {1: 1, 2: 5, 3: 4, 4: 3, 5: 3},
    17: {1: 1, 2: 4, 3: 2},
}
ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in TABLE.splitlines()
    if re.match(r"\| \d", line)
]


def numbers(row: list[str]) -> list[str]:
    return row[0].split(", ")


def test_every_requirement_of_the_two_levels_stands_there_once() -> None:
    meant = [
        f"{chapter}.{section}.{number}"
        for chapter, sections in SECTIONS.items()
        for section, count in sections.items()
        for number in range(1, count + 1)
    ]
    told = [number for row in ROWS for number in numbers(row)]
    assert len(meant) == 253
    assert sorted(told) == sorted(meant)


def test_each_has_a_state_and_what_shows_it_or_why_not() -> None:
    for row in ROWS:
        assert len(row) == 4, row
        assert row[2] in STATES, row
        assert row[3], row


def test_the_counts_are_those_of_the_table() -> None:
    counted = {state: sum(len(numbers(row)) for row in ROWS if row[2] == state) for state in STATES}
    passed, gaps, others = counted.values()
    assert f"In all: {passed} passed, {gaps} gaps, {others} not applicable." in TABLE


@pytest.mark.parametrize("row", [row for row in ROWS if row[2] == "passed"], ids=lambda row: row[0])
def test_what_is_passed_is_shown_by_something(row: list[str]) -> None:
    assert re.search(r"`[^`]+`", row[3])


def test_what_the_table_names_is_there() -> None:
    for evidence in re.findall(r"`((?:tests|docs|escalation_app)/[^`]+|[\w.]+\.lock)`", TABLE):
        path, _, test = evidence.partition("::")
        assert (PROJECT / path).exists(), evidence
        if test:
            source = (PROJECT / path).read_text()
            assert re.search(rf"^(?:async )?def {test}\(", source, re.MULTILINE), evidence
        else:
            assert not path.startswith("tests/"), f"{evidence} names no test"
