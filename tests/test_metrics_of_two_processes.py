"""Two processes serve, and a scrape of either tells of both."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.browser.test_socket_by_hand import WORKSPACE, connected, cookie_of, send
from tests.metrics import Figures, figures_in, grown
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer
from tests.servers.two_workers import running_two_workers

TOKEN = "the-token-of-prometheus"
TABS = 12
CLAIMS = 12


@pytest.fixture(scope="module")
def program(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer, redis_server: RedisServer
) -> Iterator[Program]:
    directory = tmp_path_factory.mktemp("measured")
    token = {"ESCALATION_METRICS_TOKEN": TOKEN}
    with running_two_workers(directory, postgres, redis_server, **token) as running:
        yield running


def scraped(program: Program) -> Figures:
    """By a line of its own, so that either process may answer."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    # A line that was laid to a process that is killed then is laid anew.
    for is_last in (False, False, True):
        try:
            answer = httpx.get(f"{program.address}/metrics", headers=headers, timeout=10)
            break
        except httpx.ReadError:
            if is_last:
                raise
    assert answer.status_code == 200
    return figures_in(answer.text)


def until(program: Program, is_so: Callable[[Figures], bool]) -> Figures:
    deadline = time.monotonic() + 30
    while not is_so(told := scraped(program)):
        assert time.monotonic() < deadline, told
        time.sleep(0.2)
    return told


class OpenTab:
    """A tab that shows the published queue, and goes on answering that it is there."""

    def __init__(self, program: Program, cookie: str) -> None:
        self._socket = connected(program, cookie)
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()
        send(self._socket, f"{WORKSPACE}.load", {}, "/queue/published?view=all")

    def _answer(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                if self._socket.receive(60) == "2":
                    self._socket.send("3")

    def close(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            self._socket.close()
        self._thread.join(5)


def claimable(program: Program) -> list[int]:
    headers = {"Authorization": "Bearer demo-maria"}
    query = {"queue": "published", "view": "waiting", "limit": "50"}
    answer = httpx.get(f"{program.address}/api/v1/escalations", params=query, headers=headers)
    return [case["id"] for case in answer.json()["items"]]


def claims(program: Program, who: str, case_id: int) -> int:
    headers = {"Authorization": f"Bearer demo-{who}"}
    address = f"{program.address}/api/v1/escalations/{case_id}/claim"
    return httpx.post(address, headers=headers, timeout=30).status_code


def test_figures_of_both_are_added_up_and_a_dead_one_has_no_open_tabs(program: Program) -> None:
    cookie = cookie_of(program, "maria")
    before = until(program, lambda told: told["escalation_worker_processes"] == 2)
    assert before["escalation_open_tabs"] == 0
    tabs = [OpenTab(program, cookie) for _ in range(TABS)]
    until(program, lambda told: told["escalation_open_tabs"] == TABS)

    cases = claimable(program)[:CLAIMS]
    assert {claims(program, "maria", case) for case in cases} == {200}
    assert {claims(program, "admin", case) for case in cases} == {409}
    after = until(
        program,
        lambda told: grown(before, told, "escalation_push_lag_seconds_count") >= 2 * CLAIMS,
    )
    for outcome in ("won", "refused"):
        assert grown(before, after, "escalation_claims_total", outcome=outcome) == CLAIMS
    route = {"method": "POST", "route": "/api/v1/escalations/{escalation_id}/claim"}
    for status in ("2xx", "4xx"):
        asked = grown(before, after, "escalation_http_requests_total", **route, status=status)
        assert asked == CLAIMS
    assert after["escalation_synchronisation_age_seconds"] < 10
    assert after["escalation_bus_unheard_processes"] == 0
    waiting = {"queue": "published", "status": "Pending"}
    assert grown(before, after, "escalation_queue_length", **waiting) == -CLAIMS

    program.kill_a_worker()
    # The tabs of the dead one are nobody's; those of the other are still open.
    left = until(
        program,
        lambda told: (
            told["escalation_worker_processes"] == 2 and told["escalation_open_tabs"] < TABS
        ),
    )
    # What was counted stays counted.
    for outcome in ("won", "refused"):
        assert grown(before, left, "escalation_claims_total", outcome=outcome) == CLAIMS
    for tab in tabs:
        tab.close()
    until(program, lambda told: told["escalation_open_tabs"] == 0)
