"""What a screen shows, beside what the database says."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from escalation_app.db import case_lists
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.vocabulary import Queue, Urgency, View
from escalation_app.services import queue as queue_service
from escalation_app.services.desk import Desk
from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives, claims, releases, viewer
from tests.servers.program import Program

# As one picture, so that no row is read before a push and the next one after it.
ON_SCREEN = """() => ({
    line: document.querySelector('[data-testid=connection]').textContent,
    rows: [...document.querySelectorAll('[data-testid=escalation-row]')].map(
        (row) => `${row.dataset.id} ${row.dataset.status} ${row.dataset.urgency}`),
    counts: [...document.querySelectorAll('.view .count')].map((count) => Number(count.textContent)),
})"""
EQUALS = f"""(truth) => {{
    const shown = ({ON_SCREEN})();
    return shown.line === 'Connected' && JSON.stringify(shown.rows) === JSON.stringify(truth.rows)
        && JSON.stringify(shown.counts) === JSON.stringify(truth.counts);
}}"""


@dataclass(frozen=True)
class Truth:
    rows: list[str]
    counts: list[int]


def truth(program: Program, username: str, chosen: QueueFilter, limit: int = 50) -> Truth:
    """What this person's published queue is to show, read by another process."""

    async def read(desk: Desk) -> Truth:
        who = await viewer(desk, username)
        scope, everywhere = who.scope_in(Queue.PUBLISHED), chosen.in_view(View.ALL)
        async with desk.database.reading() as session:
            rows, _ = await queue_service.rows(
                session, scope, Queue.PUBLISHED, chosen, who.person_id, limit
            )
            counts = await case_lists.counts(session, scope, Queue.PUBLISHED, everywhere)
            mine = await case_lists.count_mine(
                session, scope, Queue.PUBLISHED, everywhere, who.person_id
            )
        return Truth(
            [f"{row.id} {row.status} {row.urgency}" for row in rows],
            [counts.waiting, mine, counts.all, counts.completed],
        )

    return program.from_outside(read)


def equals(page: Page, true: Truth, *, within: float) -> None:
    """Connected, with the rows and counts of the database."""
    page.wait_for_function(
        EQUALS, arg={"rows": true.rows, "counts": true.counts}, timeout=within * 1_000
    )


def says(page: Page, state: str, *, within: float) -> None:
    expect(page.get_by_test_id("connection")).to_have_text(state, timeout=within * 1_000)


def at_work(sign_in: SignIn, program: Program) -> Page:
    """Maria has a case of her own open, of a list that is longer than her screen."""
    for _ in range(12):
        a_case_arrives(program)
    case_id = a_case_arrives(program)
    claims(program, "maria", case_id)
    return sign_in("maria", path=f"/queue/published?view=all&case={case_id}")


def a_case_changes_hands(program: Program, case_id: int) -> None:
    claims(program, "omar", case_id)
    releases(program, "omar", case_id)


def much_happens(program: Program) -> None:
    claims(program, "omar", a_case_arrives(program))
    a_case_arrives(program, urgency=Urgency.CRITICAL)
