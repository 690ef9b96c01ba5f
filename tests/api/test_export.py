"""The list as a file: as filtered, one row per case, and no cell is a formula."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.api.export import COLUMNS, _lines, harmless
from escalation_app.domain.refusals import DeskUnavailable
from escalation_app.services import listing
from escalation_app.services.desk import Desk
from tests.api.conftest import Call
from tests.cast import Cast, a_case, id_of

DONE = {"what_happened": "=1+1", "action_taken": "Line one\r\nline two", "follow_up": ""}


async def test_maria_opens_the_export_in_her_spreadsheet(
    call: Call, desk: Desk, cast: Cast
) -> None:
    reason = '=HYPERLINK("https://elsewhere.example")'
    number = id_of(await a_case(desk, cast, reason=reason, topic="Booking; “new”"))
    await call("maria", "POST", f"/escalations/{number}/claim")
    await call("maria", "POST", f"/escalations/{number}/complete", DONE)
    answer = await call("maria", "GET", "/escalations/export?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "escalations-published.csv" in answer.headers["content-disposition"]
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert tuple(row) == COLUMNS
    assert row["reason"] == f"'{reason}"
    assert (row["id"], row["topic"]) == (str(number), "Booking; “new”")
    assert row["what_happened"] == "'=1+1"
    assert row["action_taken"] == DONE["action_taken"]


async def test_json_lines_are_the_list_as_filtered(
    call: Call, desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "EXPORT_PAGE", 3)
    for number in range(14):
        await a_case(desk, cast, topic="Refund" if number % 2 else "Booking")
    for query in ("topic=Refund", "topic=Booking,Refund&view=waiting", "queue=preview"):
        listed = (await call("maria", "GET", f"/escalations?{query}")).json()["items"]
        answer = await call("maria", "GET", f"/escalations/export?format=jsonl&{query}")
        assert [json.loads(line) for line in answer.text.splitlines()] == listed


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
async def test_an_export_without_its_database_is_no_file(
    call: Call, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    async def away(*_: Any) -> None:
        raise DeskUnavailable

    monkeypatch.setattr(listing, "page", away)
    answer = await call("maria", "GET", f"/escalations/export?format={kind}")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unknown_format_is_refused(call: Call) -> None:
    answer = await call("maria", "GET", "/escalations/export?format=xlsx")
    assert answer.status_code == 422


@given(
    st.lists(st.text(alphabet="ab ;\t\r\n\"',=+-@＝", max_size=12), min_size=2, max_size=3),
    st.sampled_from(",;\t"),
)
def test_in_no_country_is_a_part_of_a_cell_reckoned(cells: list[str], separator: str) -> None:
    """There, lists are separated by a semicolon, and what is pasted by a tab."""
    written = _lines([[harmless(cell) for cell in cells]])
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
        for cell in row:
            assert not cell.lstrip(" ").startswith(tuple("=+-@＝"))


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", " =1", "＝1"])
def test_a_formula_is_shown_and_not_reckoned(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("space", "\t\r\n")
def test_a_formula_behind_a_space_is_not_reckoned_either(space: str) -> None:
    assert harmless(f"{space}=1") == f"'{space}'=1"


@pytest.mark.parametrize("cell", ["", "a=1", "Refund", "2026-11-24T09:00:00Z", "7"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell
