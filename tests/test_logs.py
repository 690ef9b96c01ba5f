"""What the log holds, whoever wrote what is logged."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app import logs, request_context
from escalation_app.domain.refusals import AlreadyClaimed, DeskUnavailable
from escalation_app.log_formats import JsonFormatter, TextFormatter
from escalation_app.log_records import WITHHELD, OursRecord, SafeRecord
from escalation_app.logs import OurHandler
from escalation_app.request_context import Cause, RequestContext
from escalation_app.settings import settings

OURS = "escalation_app.tests"
SOMEBODYS = "the card ends in 4711"


@pytest.fixture(autouse=True)
def safe_records() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(OursRecord)
    yield
    logging.setLogRecordFactory(before)


def logged(
    message: str,
    *args: object,
    error: BaseException | None = None,
    name: str = OURS,
    formatter: logging.Formatter | None = None,
) -> str:
    printed = io.StringIO()
    handler, logger = logging.StreamHandler(printed), logging.getLogger(name)
    handler.setFormatter(formatter or TextFormatter())
    logger.addHandler(handler)
    try:
        logger.error(message, *args, exc_info=error)
    finally:
        logger.removeHandler(handler)
    return printed.getvalue().removesuffix("\n")


def as_json(message: str, *args: object, **options: Any) -> dict[str, Any]:
    line = logged(message, *args, formatter=JsonFormatter(), **options)
    assert "\n" not in line
    return json.loads(line)


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


@given(st.text())
def test_whatever_is_logged_is_one_line_that_can_be_printed(text: str) -> None:
    line = logged("%s", text)
    assert line.isprintable()
    assert len(line.splitlines()) <= 1


@given(st.text())
def test_whatever_is_logged_is_one_object_of_json(text: str) -> None:
    assert as_json("%s", text)["message"].isprintable()


def test_a_forged_line_stays_part_of_the_line_it_came_in() -> None:
    line = logged("report: %s", "x\n2026-11-24 ERROR maria signed in\x1b[31m")
    assert line.endswith(r"report: x\n2026-11-24 ERROR maria signed in\x1b[31m")


def test_no_text_fills_the_log() -> None:
    assert len(logged("%s", "y" * 900_000)) < 5_000


def test_a_session_is_in_no_log_line() -> None:
    cookie = f"a=b; {settings().cookie_name}=s3cr3t; c=d"
    line = logged("no handler: %s", {"cookie": cookie}, error=ValueError(cookie))
    assert "s3cr3t" not in line
    assert "c=d" in line


def test_of_an_exception_its_type_and_place_are_told_and_never_its_text() -> None:
    def fail() -> None:
        try:
            raise KeyError(SOMEBODYS)
        except KeyError as first:
            raise ExceptionGroup(
                SOMEBODYS, [ValueError(SOMEBODYS), OSError(5, SOMEBODYS)]
            ) from first

    with pytest.raises(ExceptionGroup) as caught:
        fail()
    line = as_json("failed", error=caught.value)
    assert SOMEBODYS not in json.dumps(line)
    assert "KeyError" in line["exception"]
    assert line["exception"][-1] == "ExceptionGroup of ValueError, OSError"
    assert any(place.endswith(" in fail") for place in line["exception"])
    assert SOMEBODYS not in logged("failed", error=caught.value)


def test_an_exception_of_ours_that_holds_nobodys_words_is_told_in_its_own() -> None:
    sentence = str(DeskUnavailable())
    assert sentence in as_json("failed", error=raised(DeskUnavailable()))["exception"][-1]


def test_a_refusal_that_names_somebody_is_not_told_in_its_own_words() -> None:
    now = datetime.now(UTC)
    line = logged("failed", error=raised(AlreadyClaimed("Maria Ochoa", now, now)))
    assert "AlreadyClaimed" in line
    assert "Ochoa" not in line


def test_an_endless_recursion_is_told_in_few_lines() -> None:
    ours: dict[str, Any] = {}
    exec(compile("def deeper(): deeper()", "/srv/escalation_app/deep.py", "exec"), ours)
    with pytest.raises(RecursionError) as caught:
        ours["deeper"]()
    told = as_json("failed", error=caught.value)["exception"]
    assert "escalation_app/deep.py:1 in deeper" in told
    assert len(told) < 100
    assert told[-1] == "RecursionError"


def test_what_a_library_says_is_told_by_its_place_alone() -> None:
    line = as_json(f"Error processing {SOMEBODYS}", name="somebodys.library")
    assert line["message"] == WITHHELD
    assert "tests/test_logs.py:" in line["location"]


def test_a_librarys_sentence_is_told_without_what_it_fills_in() -> None:
    line = as_json("could not read %s", SOMEBODYS, name="somebodys.library")
    assert line["message"] == "could not read %s"


def test_of_the_server_the_first_line_is_told_and_not_what_its_tracebacks_quote() -> None:
    line = as_json(f"the application failed\nValueError: {SOMEBODYS}", name="_granian.asgi")
    assert line["message"] == "the application failed"


def test_who_goes_away_at_a_bad_moment_fills_no_log() -> None:
    logs.install()
    assert not logging.getLogger("_granian.asgi.io").isEnabledFor(logging.INFO)
    assert logging.getLogger("_granian").isEnabledFor(logging.INFO)


def test_while_nobody_is_served_libraries_are_told_in_full() -> None:
    logging.setLogRecordFactory(SafeRecord)
    line = as_json(f"npm is missing: {SOMEBODYS}", name="somebodys.library")
    assert line["message"] == f"npm is missing: {SOMEBODYS}"


def test_each_line_tells_what_it_is_done_for() -> None:
    facts: dict[str, str | int] = {"event": "Workspace.claim", "tab": "a1", "person": 7}
    with request_context.within(RequestContext(Cause.EVENT, "e" * 32, facts)):
        line = as_json("failed")
        text = logged("failed")
    assert {name: line[name] for name in ("event_id", "event", "tab", "person")} == {
        "event_id": "e" * 32,
        **facts,
    }
    assert f"event_id={'e' * 32} event=Workspace.claim" in text
    assert "event_id" not in as_json("failed")


def test_an_exception_that_is_logged_elsewhere_tells_what_it_was_raised_for() -> None:
    with (
        pytest.raises(ValueError, match="x") as caught,
        request_context.within(RequestContext(Cause.EVENT, "e" * 32)),
    ):
        raise ValueError("x")
    assert as_json("failed", error=caught.value)["event_id"] == "e" * 32


def test_a_line_that_cant_be_filled_in_is_told_by_its_place(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logger, handler = logging.getLogger(OURS), OurHandler()
    # The tests' own handlers would make a failure of it.
    monkeypatch.setattr(logger, "propagate", False)
    logger.addHandler(handler)
    try:
        logger.error("one place, two texts: %s", SOMEBODYS, SOMEBODYS)
    finally:
        logger.removeHandler(handler)
    printed = capsys.readouterr()
    assert "a line could not be written" in printed.out
    assert "test_logs.py:" in printed.out
    assert SOMEBODYS not in printed.out + printed.err


def test_a_record_that_was_made_of_nothing_can_be_written() -> None:
    assert JsonFormatter().format(logging.makeLogRecord({"msg": "x"}))
