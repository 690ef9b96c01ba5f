"""The running program's log: lines of JSON, and nobody's words in any of them.

Everything that people, programs, receivers and faults can put in bears the mark; then it is looked for.
"""

import json
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.test_socket_by_hand import OURS, ROOT, WORKSPACE, connected, cookie_of
from tests.browser.test_socket_by_hand import send as send_by_hand
from tests.servers.ports import free_port
from tests.servers.program import Program
from tests.servers.webhook_receiver import WebhookReceiver

MARK = "zq4711zq"
EMAIL = f"{MARK}@example.com"
GIVEN = "0123456789abcdef0123456789abcdef"
HOOK = f"/{MARK}/hook"
# The database of the test itself fails on this, and quotes what it failed on.
FAILS = f"{MARK}-fails"
TRIGGERS = f"""
create trigger fails_on_message before insert on message when new.text like '%{FAILS}%'
begin select raise(abort, '{FAILS} in the database'); end;
create trigger fails_on_note before update on escalation when new.what_happened like '%{FAILS}%'
begin select raise(abort, '{FAILS} in the database'); end;
"""


@pytest.fixture(scope="module")
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as running:
        running.answers(HOOK, status=500, body=MARK.encode())
        yield running


@pytest.fixture(scope="module")
def program(
    tmp_path_factory: pytest.TempPathFactory, receiver: WebhookReceiver
) -> Iterator[Program]:
    port = free_port()
    surroundings = {
        "ESCALATION_LOG_FORMAT": "json",
        "ESCALATION_METRICS_TOKEN": f"{MARK}-token-of-prometheus",
        "OPENAI_API_KEY": f"sk-{MARK}",
        **receiver.environment,
    }
    # Nobody is at the model's address.
    running = Program(
        tmp_path_factory.mktemp("log"),
        port,
        port,
        model_url=f"http://127.0.0.1:{free_port()}/v1",
        surroundings=surroundings,
    )
    running.start()
    with sqlite3.connect(running.database_url.removeprefix("sqlite:///")) as database:
        database.executescript(TRIGGERS)
    yield running
    running.stop()


class Outside:
    """People and programs at the desk's address."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._http = httpx.Client(base_url=program.address, timeout=30)

    def asks(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        headers = {"Authorization": f"Bearer demo-{who}"} | headers
        return self._http.request(method, f"/api/v1{path}", json=body, headers=headers)

    def escalates(self, said: str = MARK) -> int:
        body = {
            "queue": "published",
            "reason": f"Charged twice, {MARK}",
            "trigger": MARK,
            "urgency": "high",
            "topic": MARK,
            "area": "Payment",
            "conversation": {
                "external_id": f"{MARK}-{time.monotonic_ns()}",
                "profile": {"name": MARK, "email": EMAIL},
                "messages": [{"role": "user", "text": said}],
            },
        }
        answer = self.asks("agent", "POST", "/escalations", body, **{"X-Request-ID": GIVEN})
        return int(answer.json().get("id", 0))

    def signs_in(self, username: str, password: str) -> None:
        self._http.post("/auth/sign-in", data={"username": username, "password": password})

    def sends(self, who: str, handler: str, payload: dict[str, Any], path: str) -> str:
        """One event of a tab that shows this page; returns all that the tab is told."""
        socket = connected(self._program, cookie_of(self._program, who))
        try:
            boot = {"vars": {f"{WORKSPACE}.remembered_published": MARK}}
            send_by_hand(socket, f"{ROOT}.hydrate_and_load", boot, path)
            send_by_hand(socket, handler, payload, path)
            socket.send(f'42/_event,["client_error",{{"error_type":"{MARK}","x":"{MARK}"}}]')
            return socket.everything()
        finally:
            socket.close()


def programs_ask(outside: Outside) -> None:
    case_id = outside.escalates()
    assert outside.escalates(FAILS) == 0
    outside.asks("agent", "POST", "/escalations", {MARK: MARK})
    outside.asks("agent", "POST", f"/escalations?{MARK}={EMAIL}", {})
    outside.asks("agent", "GET", f"/{MARK}")
    outside.asks("maria", "GET", f"/escalations?q={MARK}")
    outside.asks("maria", "GET", "/escalations", **{"X-Request-ID": EMAIL})
    outside.asks("maria", "GET", "/escalations", Authorization=f"Bearer {MARK}")
    outside.asks("maria", "POST", f"/escalations/{case_id}/claim")
    outside.asks("omar", "POST", f"/escalations/{case_id}/claim")
    outside.asks("maria", "POST", f"/escalations/{case_id}/release", {"note": MARK})
    outside.asks("maria", "POST", f"/escalations/{case_id}/summary")
    begun = {"queue": "published", "external_id": MARK, "profile": {"email": EMAIL}}
    number = outside.asks("agent", "POST", "/conversations", begun).json()["id"]
    for text in (f"I want my money back NOW! {MARK}", FAILS):
        said = {"role": "user", "text": text}
        outside.asks("agent", "POST", f"/conversations/{number}/messages", said)


def a_builder_configures(outside: Outside, receiver: WebhookReceiver) -> None:
    now = outside.asks("lina", "GET", "/settings").json()
    draft = now["draft"] | {"webhook": {"enabled": True, "url": receiver.url(HOOK)}}
    body = {"revision": now["revision"], "draft": draft}
    assert outside.asks("lina", "PUT", "/settings", body).status_code == 200
    assert outside.asks("lina", "POST", "/settings/publish").status_code == 200
    outside.asks("lina", "PUT", "/settings", body | {"draft": draft | {"response": MARK}})


def people_work(outside: Outside) -> str:
    """Returns the new key that the admin was shown."""
    outside.signs_in(MARK, f"{MARK}-password")
    outside.signs_in("maria", f"{MARK}-password")
    there = "/queue/published"
    done, lost = outside.escalates(), outside.escalates()
    for case_id, note in ((done, MARK), (lost, FAILS)):
        outside.asks("maria", "POST", f"/escalations/{case_id}/claim")
        form = {"case_id": str(case_id), "what_happened": note, "action_taken": MARK}
        outside.sends("maria", f"{WORKSPACE}.complete", {"form": form}, f"{there}?q={MARK}")
    outside.sends("maria", f"{WORKSPACE}.claim", {"case_id": MARK}, there)
    outside.sends("maria", MARK, {"x": MARK}, there)
    report = f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"
    outside.sends("maria", report, {"info": f"{MARK}\n{{}}", "component_stack": ""}, there)
    new = {"form": {"username": "maria", "label": MARK}}
    told = outside.sends("admin", f"{OURS}api_keys____api_keys_state.make", new, "/keys")
    return re.findall(r"desk_[\w-]{20,}", told)[0]


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_nobodys_words_are_in_the_log_and_every_line_tells_what_it_is_about(
    program: Program, receiver: WebhookReceiver
) -> None:
    outside = Outside(program)
    a_builder_configures(outside, receiver)
    programs_ask(outside)
    key = people_work(outside)
    receiver.wait_for(2, HOOK, seconds=30)
    program.kill_a_worker()
    deadline = time.monotonic() + 30
    while not any("serving at" in one["message"] for one in lines_of(program.log)[-5:]):
        assert time.monotonic() < deadline, program.log.read_text()[-3_000:]
        time.sleep(0.3)

    written = program.log.read_text()
    for secret in (
        MARK,
        key,
        "demo-maria",
        "demo-agent",
        "hunter2",
        "Maria",
        "escalation_session=",
    ):
        assert secret not in written
    lines = lines_of(program.log)
    assert all({"timestamp", "level", "logger", "message", "pid"} <= set(line) for line in lines)

    answered = [line for line in lines if line["message"] == "answered"]
    assert {"request_id", "method", "route", "status", "ms"} <= set.intersection(
        *(set(line) for line in answered)
    )
    created = next(line for line in answered if line["request_id"] == GIVEN)
    assert (created["route"], created["status"]) == ("/api/v1/escalations", 201)
    assert isinstance(created["person"], int)

    by_event = {line["event"]: line for line in lines if line["message"] == "done"}
    completed = by_event["WorkspaceState.complete"]
    assert completed.keys() >= {"event_id", "tab", "person", "ms"}
    assert "ApiKeysState.make" in by_event

    # The faults were there, each with its place and with what it happened to.
    failed = {line["message"]: line for line in lines if line["level"] == "error"}
    for message, cause in (("a request failed", "request_id"), ("an event failed", "event_id")):
        assert failed[message][cause]
        assert "sqlalchemy.exc.IntegrityError" in failed[message]["exception"]
        assert any("escalation_app/services/" in place for place in failed[message]["exception"])
    assert "a page reported an error" in {line["message"] for line in lines}
    # That the model did not judge is told too, with the request that asked.
    judged = next(line for line in lines if line["message"].startswith("the model did not judge"))
    assert judged["request_id"]
