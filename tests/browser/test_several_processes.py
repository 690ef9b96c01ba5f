"""Two processes serve the desk, and nobody can tell which one a tab is on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SignIn, signing_in
from tests.browser.events import a_case_arrives
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer
from tests.servers.two_workers import running_two_workers

# The kernel gives each connection to one of the two: all six on one has a chance of 1 in 32.
TABS_OF_EACH = 3


@pytest.fixture(scope="module")
def two_processes(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer, redis_server: RedisServer
) -> Iterator[Program]:
    directory = tmp_path_factory.mktemp("two-processes")
    with running_two_workers(directory, postgres, redis_server) as running:
        running.command("is-ready")
        assert len(running.workers) == 2
        yield running


@pytest.fixture
def sign_in_there(two_processes: Program, browser: Browser) -> Iterator[SignIn]:
    with signing_in(two_processes, browser) as sign_in:
        yield sign_in


def tabs_of(sign_in: SignIn, name: str, path: str) -> list[Page]:
    """Some tabs of one person in one browser."""
    first = sign_in(name, path=path)
    more = [first.context.new_page() for _ in range(TABS_OF_EACH - 1)]
    for tab in more:
        tab.goto(first.url)
        tab.get_by_text("Connected", exact=True).wait_for()
    return [first, *more]


def row(tab: Page, case_id: int) -> None:
    expect(tab.locator(f"[data-testid=escalation-row][data-id='{case_id}']")).to_be_visible()


def test_whichever_process_a_tab_is_on_it_follows_and_survives_the_death_of_one(
    sign_in_there: SignIn, two_processes: Program
) -> None:
    case_id = a_case_arrives(two_processes)
    there = f"/queue/published?view=all&case={case_id}"
    marias = tabs_of(sign_in_there, "maria", there)
    omars = tabs_of(sign_in_there, "omar", there)
    marias[0].get_by_role("button", name="Claim").click()
    for tab in (*marias, *omars):
        expect(tab.get_by_test_id("detail")).to_contain_text("Claimed by")
    two_processes.kill_a_worker()
    meanwhile = a_case_arrives(two_processes)
    for tab in (*marias, *omars):
        expect(tab.get_by_test_id("connection")).to_have_text("Connected")
        row(tab, meanwhile)
    omars[0].get_by_role("button", name="Sign out").click()
    for tab in omars:
        tab.wait_for_url(lambda address: "/login" in address)
    for tab in marias:
        expect(tab.get_by_test_id("connection")).to_have_text("Connected")


def test_a_half_written_note_survives_the_death_of_the_process_it_was_written_on(
    sign_in_there: SignIn, two_processes: Program
) -> None:
    case_id = a_case_arrives(two_processes)
    maria = sign_in_there("maria", path=f"/queue/published?view=all&case={case_id}")
    maria.get_by_role("button", name="Claim").click()
    maria.get_by_label("What happened").fill("Charged twice, by the look of it")
    two_processes.kill_a_worker()
    maria.get_by_label("What was done").fill("Refunded the second charge")
    expect(maria.get_by_test_id("connection")).to_have_text("Connected")
    maria.get_by_role("button", name="Complete").click()
    expect(maria.get_by_test_id("detail")).to_contain_text("Refunded the second charge")
    expect(maria.get_by_test_id("detail")).to_contain_text("Charged twice, by the look of it")
