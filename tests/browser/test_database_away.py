"""The database is locked or gone while people work: they are told, and nothing is half done."""

import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SignIn, signing_in
from tests.browser.events import a_case_arrives, claims
from tests.servers.ports import free_port
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer

AWAY = "The desk can't reach its database right now."


@pytest.fixture(scope="module")
def on_servers(
    tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer
) -> Iterator[tuple[Program, PostgresServer]]:
    """The program on a PostgreSQL that can be switched off, and on Redis."""
    postgres = PostgresServer()
    postgres.start()
    port = free_port()
    directory = tmp_path_factory.mktemp("on-servers")
    running = Program(directory, port, port, postgres.new_database(), redis_server.url)
    running.start()
    yield running, postgres
    running.stop()
    postgres.remove()


@pytest.fixture
def sign_in_on_servers(
    on_servers: tuple[Program, PostgresServer], browser: Browser
) -> Iterator[SignIn]:
    with signing_in(on_servers[0], browser) as sign_in:
        yield sign_in


def open_case(page: Page, program: Program, case_id: int) -> None:
    page.goto(f"{program.address}/queue/published?view=all&case={case_id}")
    expect(page.get_by_test_id("detail")).to_contain_text(f"#{case_id}")


def test_two_people_see_each_other_on_postgresql_and_redis(
    sign_in_on_servers: SignIn, on_servers: tuple[Program, PostgresServer]
) -> None:
    program, _ = on_servers
    maria, omar = sign_in_on_servers("maria"), sign_in_on_servers("omar")
    case_id = a_case_arrives(program)
    for page in (maria, omar):
        open_case(page, program, case_id)
    maria.get_by_role("button", name="Claim").click()
    expect(omar.get_by_test_id("detail")).to_contain_text("Claimed by Maria")
    expect(omar.get_by_role("button", name="Claim")).to_have_count(0)


def test_postgresql_switched_off_is_said_and_mends_by_itself(
    sign_in_on_servers: SignIn, on_servers: tuple[Program, PostgresServer]
) -> None:
    program, postgres = on_servers
    maria = sign_in_on_servers("maria")
    case_id = a_case_arrives(program)
    open_case(maria, program, case_id)
    postgres.stop()
    try:
        maria.get_by_role("button", name="Claim").click()
        expect(maria.get_by_text(AWAY)).to_be_visible()
        # A list that nobody can check any more does not call itself live.
        expect(maria.get_by_test_id("connection")).not_to_have_text("Connected", timeout=15_000)
        expect(maria.get_by_role("button", name="Claim")).to_be_disabled()
    finally:
        postgres.resume()
    expect(maria.get_by_test_id("connection")).to_have_text("Connected", timeout=15_000)
    maria.get_by_role("button", name="Claim").click()
    expect(maria.get_by_test_id("detail")).to_contain_text("Claimed by you")


def test_a_locked_sqlite_is_said_and_the_note_is_kept(sign_in: SignIn, program: Program) -> None:
    maria = sign_in("maria")
    case_id = a_case_arrives(program)
    claims(program, "maria", case_id)
    open_case(maria, program, case_id)
    maria.get_by_label("What happened").fill("Charged twice")
    maria.get_by_label("What was done").fill("Refunded")
    with sqlite3.connect(program.database_url.removeprefix("sqlite:///")) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        maria.get_by_role("button", name="Complete", exact=True).click()
        expect(maria.get_by_text(AWAY)).to_be_visible(timeout=15_000)
    expect(maria.get_by_label("What was done")).to_have_value("Refunded")
    maria.get_by_role("button", name="Complete", exact=True).click()
    expect(maria.get_by_test_id("detail")).to_contain_text("Completed by Maria")
