"""What the log holds, whoever wrote what is logged."""

import io
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app import logs
from escalation_app.settings import settings


@pytest.fixture(autouse=True)
def safe_records() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    logs.install()
    yield
    logging.setLogRecordFactory(before)


def logged(message: str, *args: object, error: BaseException | None = None) -> str:
    printed = io.StringIO()
    handler, logger = logging.StreamHandler(printed), logging.getLogger("tests.logs")
    logger.addHandler(handler)
    try:
        logger.error(message, *args, exc_info=error)
    finally:
        logger.removeHandler(handler)
    return printed.getvalue().removesuffix("\n")


@given(st.text())
def test_whatever_is_logged_is_one_line_that_can_be_printed(text: str) -> None:
    line = logged("%s", text)
    assert line.isprintable()
    assert len(line.splitlines()) <= 1


def test_a_forged_line_stays_part_of_the_line_it_came_in() -> None:
    line = logged("report: %s", "x\n2026-11-24 ERROR maria signed in\x1b[31m")
    assert line == r"report: x\n2026-11-24 ERROR maria signed in\x1b[31m"


def test_an_exceptions_text_cant_pass_for_a_line_of_the_log() -> None:
    first, *others = logged("failed", error=ValueError("x\n2026-11-24 ERROR forged\r")).split("\n")
    assert first == "failed"
    assert all(line.startswith("    | ") for line in others)
    assert any("ERROR forged" in line for line in others)


def test_no_text_fills_the_log() -> None:
    assert len(logged("%s", "y" * 900_000)) < 5_000
    assert len(logged("failed", error=ValueError("z\n" * 900_000))) < 100_000


def test_a_session_is_in_no_log_line() -> None:
    cookie = f"a=b; {settings().cookie_name}=s3cr3t; c=d"
    line = logged("no handler: %s", {"cookie": cookie}, error=ValueError(cookie))
    assert "s3cr3t" not in line
    assert "c=d" in line
