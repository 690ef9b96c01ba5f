"""Two people after each other in one browser tab: the second is sent nothing of the first."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import SignIn
from tests.browser.test_socket_by_hand import OURS, ROOT, cookie_of, speak
from tests.servers.ports import free_port
from tests.servers.program import Program

SETTINGS = f"{OURS}settings____settings_state"
PEOPLE = f"{OURS}people_search____people_search_state"
# What somebody looked for is kept for their tab.
TYPED = "Somebody whom lina looks for"
# A description in the demo's settings, which only who configures is shown.
KEPT = "User is angry and asks for an urgent refund"


@pytest.fixture(params=["memory", "redis"])
def keeping(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Program]:
    """A program that keeps what tabs show in its memory, or in Redis."""
    if request.param == "memory":
        yield request.getfixturevalue("program")
        return
    port, redis = free_port(), request.getfixturevalue("redis_server")
    running = Program(tmp_path, port, port, redis_url=redis.url)
    running.start()
    yield running
    running.stop()


def signs_out(program: Program, cookie: str) -> None:
    headers = {"Cookie": cookie, "Origin": program.address}
    assert httpx.post(f"{program.address}/auth/sign-out", headers=headers).status_code == 303


def test_a_tab_s_token_gives_nobody_else_what_was_kept(keeping: Program) -> None:
    token, lina = str(uuid.uuid4()), cookie_of(keeping, "lina")
    assert KEPT in speak(keeping, lina, f"{SETTINGS}.load", {}, "/settings", token)
    speak(keeping, lina, f"{PEOPLE}.search", {"text": TYPED}, "/settings", token)
    assert TYPED in speak(keeping, lina, f"{ROOT}.hydrate", {}, "/settings", token)
    signs_out(keeping, lina)
    for cookie in (cookie_of(keeping, "omar"), "", lina):
        for name in ("hydrate", "hydrate_and_load"):
            heard = speak(keeping, cookie, f"{ROOT}.{name}", {}, token=token)
            assert "is_hydrated" in heard
            assert KEPT not in heard
            assert TYPED not in heard
            assert "settings_rows" not in heard


def signs_in(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("Connected", exact=True).wait_for()


def test_who_signs_in_after_somebody_else_is_sent_nothing_of_theirs(
    sign_in: SignIn, program: Program
) -> None:
    frames: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    page = sign_in("lina", "/settings")
    page.on("websocket", listen)
    page.reload()
    page.get_by_text("Make a new secret…").click()
    page.get_by_role("button", name="Make a new secret").click()
    expect(page.get_by_test_id("webhook-secret").first).to_contain_text("whsec_")
    token = page.evaluate("sessionStorage.getItem('token')")
    assert any("whsec_" in frame for frame in frames)
    assert any(KEPT in frame for frame in frames)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Username").wait_for()
    frames.clear()
    page.reload()
    expect(page.get_by_text("builder (QA)")).to_be_visible()
    signs_in(page, "omar")
    expect(page.get_by_test_id("escalation-row").first).to_be_visible()
    assert len(frames) > 3
    assert not any("whsec_" in frame or KEPT in frame for frame in frames)
    assert page.evaluate("sessionStorage.getItem('token')") != token
