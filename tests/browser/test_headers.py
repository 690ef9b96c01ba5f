"""Whatever answers, the browser is told the same: pages, files, the API, refusals, the socket."""

import re
import socket
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.browser.test_socket_by_hand import cookie_of
from tests.clients.hand_socket import HandSocket
from tests.servers.program import Program

Ask = Callable[[Program], httpx.Response]
NO_STORE, CHECKED = "no-store", "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"


def get(path: str, **headers: str) -> Ask:
    return lambda program: httpx.get(f"{program.address}{path}", headers=headers)


def post(path: str, body: bytes, **headers: str) -> Ask:
    return lambda program: httpx.post(f"{program.address}{path}", content=body, headers=headers)


def as_maria(program: Program) -> httpx.Response:
    cookie = cookie_of(program, "maria")
    return httpx.get(f"{program.address}/queue/published", headers={"Cookie": cookie})


def hashed_file(program: Program) -> httpx.Response:
    page = httpx.get(f"{program.address}/login").text
    found = re.search(r"/assets/[^\"]+\.js", page)
    assert found
    return httpx.get(f"{program.address}{found[0]}")


def too_long_a_body(program: Program) -> httpx.Response:
    headers = {"Authorization": "Bearer demo-agent", "Content-Type": "application/json"}
    return httpx.post(
        f"{program.address}/api/v1/escalations", content=b" " * 300_000, headers=headers
    )


def signing_in(program: Program) -> httpx.Response:
    form = {"username": "maria", "password": "demo"}
    return httpx.post(f"{program.address}/auth/sign-in", data=form)


def raw_path(program: Program) -> httpx.Response:
    url = httpx.URL(program.address).copy_with(raw_path=b"//elsewhere.example/")
    return httpx.get(url)


def preflight(program: Program) -> httpx.Response:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "PUT"}
    return httpx.options(f"{program.address}/api/v1/settings", headers=headers)


ANSWERS: dict[str, tuple[Ask, int, str]] = {
    "the sign-in page": (get("/login"), 200, NO_STORE),
    "a page": (as_maria, 200, NO_STORE),
    "a page for who is not signed in": (get("/queue/published"), 303, NO_STORE),
    "no page": (get("/elsewhere"), 404, NO_STORE),
    "no host": (raw_path, 404, NO_STORE),
    "a file that never changes": (hashed_file, 200, FOR_EVER),
    "no file": (get("/assets/none.js"), 404, NO_STORE),
    "a style sheet": (get("/styles.css"), 200, CHECKED),
    "a picture": (get("/favicon.svg"), 200, CHECKED),
    "a sign-in": (signing_in, 303, NO_STORE),
    "a sign-in that is none": (post("/auth/sign-in", b"username=maria"), 303, NO_STORE),
    "a sign-in from elsewhere": (
        post("/auth/sign-in", b"", Origin="https://elsewhere.example"),
        403,
        NO_STORE,
    ),
    "a sign-in beyond measure": (post("/auth/sign-in", b"x" * 20_000), 413, NO_STORE),
    "a sign-out": (post("/auth/sign-out", b""), 303, NO_STORE),
    "a wrong method": (lambda program: httpx.put(f"{program.address}/login"), 405, NO_STORE),
    "cases": (
        get("/api/v1/escalations?queue=published", Authorization="Bearer demo-maria"),
        200,
        NO_STORE,
    ),
    "the API without a key": (get("/api/v1/escalations"), 401, NO_STORE),
    "the API where there is nothing": (get("/api/v1/elsewhere"), 404, NO_STORE),
    "a body beyond measure": (too_long_a_body, 413, NO_STORE),
    "the API's documentation": (get("/api/docs"), 200, NO_STORE),
    "its document": (get("/api/openapi.json"), 200, NO_STORE),
    "its script": (get("/api/docs-assets/swagger-ui-bundle.js"), 200, CHECKED),
    "its other files": (get("/api/docs-assets/none.js"), 404, NO_STORE),
    "whether it is alive": (get("/healthz"), 200, NO_STORE),
    "whether it is ready": (get("/readyz"), 200, NO_STORE),
    "what is asked before a foreign request": (preflight, 400, NO_STORE),
    "the socket, asked as a page": (get("/_event/?EIO=4&transport=websocket"), 400, NO_STORE),
    "the socket, asked from elsewhere": (
        get("/_event/?EIO=4&transport=polling", Origin="https://elsewhere.example"),
        400,
        NO_STORE,
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_each_answer_is_guarded(program: Program, name: str) -> None:
    ask, status, kept = ANSWERS[name]
    answer = ask(program)
    assert answer.status_code == status
    told = answer.headers
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "same-origin"
    assert told["cross-origin-opener-policy"] == "same-origin"
    assert told["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in told["permissions-policy"]
    assert told["cache-control"] == kept
    assert told["server"] == "desk"
    assert "strict-transport-security" not in told
    policy = directives(told["content-security-policy"])
    for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[directive] == "'none'"
    assert "unsafe" not in told["content-security-policy"]
    assert "*" not in told["content-security-policy"]
    assert told.get("access-control-allow-origin") is None


def directives(policy: str) -> dict[str, str]:
    pairs = (directive.strip().partition(" ") for directive in policy.split(";"))
    return {name: sources for name, _, sources in pairs}


def test_what_is_no_page_may_load_nothing(program: Program) -> None:
    for ask in (get("/styles.css"), get("/api/v1/elsewhere"), get("/queue/published")):
        policy = directives(ask(program).headers["content-security-policy"])
        assert set(policy.values()) == {"'none'"}


def test_a_page_names_its_scripts_by_hash_and_the_socket_by_address(program: Program) -> None:
    policy = directives(get("/login")(program).headers["content-security-policy"])
    scripts = policy["script-src"].split()
    assert scripts[0] == "'self'"
    assert len(scripts) > 5
    assert all(source.startswith("'sha256-") for source in scripts[1:])
    assert policy["connect-src"] == f"'self' {program.address.replace('http', 'ws')}"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "'none'"


def opens(program: Program, **headers: str) -> HandSocket:
    query = f"?token={uuid4()}&EIO=4&transport=websocket"
    url = f"{program.address.replace('http', 'ws')}/_event/{query}"
    return HandSocket(url, headers)


def test_the_socket_opens_for_our_own_pages_alone(program: Program) -> None:
    with opens(program, Origin=program.address) as opened:
        assert opened.hears("0{")
        opened.send("40/_event,")
        assert opened.hears("40/_event,")


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1"])
def test_the_socket_does_not_open_for_another_site(program: Program, origin: str) -> None:
    with (
        pytest.raises((InvalidStatus, ConnectionClosed)),
        opens(program, Origin=origin) as refused,
    ):
        refused.receive(5)


def test_the_socket_makes_no_tab_for_who_does_not_say_from_where(program: Program) -> None:
    with opens(program) as stranger:
        assert stranger.hears("0{")
        stranger.send("40/_event,")
        assert stranger.hears("44/_event,")


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/data/escalations.db",
        "/secret.key",
        "/escalation_app/settings.py",
        "/assets/",
        "/sounds/",
        "/%2e%2e/env.json",
        "/..%2fenv.json",
    ],
)
def test_nothing_is_served_but_what_is_meant_to_be(program: Program, path: str) -> None:
    answer = get(path)(program)
    assert answer.status_code == 404
    assert answer.text == get("/elsewhere")(program).text


def as_asked_by_hand(program: Program, asked: str) -> bytes:
    """The whole answer to a request that no client would make, of a host that is not the desk's."""
    with socket.create_connection(("127.0.0.1", program.port), timeout=10) as line:
        line.sendall(f"{asked} HTTP/1.1\r\nHost: elsewhere.example\r\n".encode())
        line.sendall(b"Connection: close\r\n\r\n")
        return b"".join(iter(lambda: line.recv(65_536), b""))


@pytest.mark.parametrize(
    "asked",
    ["/./settings", "/queue//published", "/login/../settings", "//settings", "/queue/."],
)
def test_nobody_is_redirected_to_the_host_that_a_request_names(
    program: Program, asked: str
) -> None:
    answer = as_asked_by_hand(program, f"GET {asked}")
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"elsewhere" not in answer


@pytest.mark.parametrize("asked", ["CONNECT elsewhere.example:80", "GET @elsewhere.example"])
def test_who_takes_the_desk_for_a_proxy_is_led_nowhere(program: Program, asked: str) -> None:
    answer = as_asked_by_hand(program, asked)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"elsewhere" not in answer


def test_nobody_is_sent_their_own_request_back(program: Program) -> None:
    answer = httpx.request("TRACE", f"{program.address}/login", headers={"Cookie": "secret"})
    assert answer.status_code == 405
    assert "secret" not in answer.text


def test_text_says_how_it_is_written(program: Program) -> None:
    for path in ("/login", "/styles.css", "/favicon.svg", "/_event/?EIO=4&transport=polling"):
        assert get(path)(program).headers["content-type"].endswith("; charset=utf-8")
