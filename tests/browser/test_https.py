"""The desk behind a proxy that ends TLS, as it is meant to be served."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, expect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from escalation_app.domain.credentials import ATTEMPTS_PER_ADDRESS
from tests.browser.conftest import SignIn, signing_in
from tests.clients.hand_socket import HandSocket
from tests.servers.ports import free_port
from tests.servers.program import Program
from tests.servers.tls_proxy import TlsProxy

COOKIE = "__Host-escalation_session"


@pytest.fixture(scope="module")
def program_and_proxy(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Program, TlsProxy]]:
    port = free_port()
    proxy = TlsProxy(port)
    running = Program(
        tmp_path_factory.mktemp("https"),
        port,
        proxy.port,
        surroundings={"ESCALATION_TRUSTED_PROXIES": "127.0.0.1"},
    )
    running.address = proxy.address
    running.start()
    yield running, proxy
    running.stop()
    proxy.close()


@pytest.fixture
def program(program_and_proxy: tuple[Program, TlsProxy]) -> Program:
    return program_and_proxy[0]


@pytest.fixture
def proxy(program_and_proxy: tuple[Program, TlsProxy]) -> TlsProxy:
    return program_and_proxy[1]


@pytest.fixture
def sign_in(program: Program, browser: Browser) -> Iterator[SignIn]:
    with signing_in(program, browser) as ready:
        yield ready


@pytest.fixture
def http(proxy: TlsProxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=proxy.address, verify=proxy.trust) as client:
        yield client


def cookie_of_maria(http: httpx.Client) -> str:
    http.post("/auth/sign-in", data={"username": "maria", "password": "demo"})
    return http.cookies[COOKIE]


def test_maria_signs_in_with_a_cookie_of_this_host_and_works_live(sign_in: SignIn) -> None:
    maria = sign_in("maria", ignore_https_errors=True)
    [cookie] = maria.context.cookies()
    assert cookie["name"] == COOKIE
    assert cookie["secure"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["path"] == "/"
    # No script sees it.
    assert maria.evaluate("document.cookie") == ""
    with maria.expect_websocket() as opened:
        maria.reload()
    assert opened.value.url.startswith("wss://")
    expect(maria.get_by_test_id("connection")).to_have_text("Connected")
    maria.get_by_role("button", name="Sign out").click()
    expect(maria.get_by_text("You are signed out.")).to_be_visible()
    assert maria.context.cookies() == []


def test_the_cookie_is_set_whole_and_for_no_other_host(http: httpx.Client) -> None:
    answer = http.post("/auth/sign-in", data={"username": "maria", "password": "demo"})
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(attributes)
    assert not any(attribute.lower().startswith("domain") for attribute in attributes)


def test_a_cookie_that_another_host_could_have_set_is_nobodys(http: httpx.Client) -> None:
    secret = cookie_of_maria(http)
    http.cookies.clear()
    page = "/queue/published"
    assert http.get(page, headers={"Cookie": f"escalation_session={secret}"}).status_code == 303
    assert http.get(page, headers={"Cookie": f"{COOKIE}={secret}"}).status_code == 200


@pytest.mark.parametrize("path", ["/login", "/queue/published", "/elsewhere", "/api/v1/settings"])
def test_every_answer_keeps_browsers_on_https(http: httpx.Client, path: str) -> None:
    told = http.get(path).headers["strict-transport-security"]
    assert told == "max-age=63072000; includeSubDomains"


def test_pages_may_talk_to_the_socket_in_secret(http: httpx.Client, proxy: TlsProxy) -> None:
    policy = http.get("/login").headers["content-security-policy"]
    assert f"connect-src 'self' {proxy.address.replace('https', 'wss')};" in policy


@contextmanager
def opening(proxy: TlsProxy, cookie: str, **headers: str) -> Iterator[HandSocket]:
    query = f"?token={uuid4()}&EIO=4&transport=websocket"
    url = f"{proxy.address.replace('https', 'wss')}/_event/{query}"
    own = {"Cookie": f"{COOKIE}={cookie}"}
    with HandSocket(url, own | headers, ssl=proxy.trust) as socket:
        assert socket.hears("0{")
        socket.send("40/_event,")
        yield socket


def test_the_socket_opens_for_the_desks_own_pages(http: httpx.Client, proxy: TlsProxy) -> None:
    with opening(proxy, cookie_of_maria(http), Origin=proxy.address) as opened:
        assert opened.hears("40/_event,")


def test_it_opens_neither_for_another_site_nor_for_the_same_without_tls(
    http: httpx.Client, proxy: TlsProxy
) -> None:
    cookie = cookie_of_maria(http)
    for origin in ("https://elsewhere.example", proxy.address.replace("https", "http"), "null"):
        with (
            pytest.raises((InvalidStatus, ConnectionClosed)),
            opening(proxy, cookie, Origin=origin) as refused,
        ):
            refused.receive(5)


def test_who_does_not_say_from_where_gets_no_tab(http: httpx.Client, proxy: TlsProxy) -> None:
    with opening(proxy, cookie_of_maria(http)) as stranger:
        assert stranger.hears("44/_event,")


def test_a_form_of_another_site_signs_nobody_in_or_out(http: httpx.Client) -> None:
    cookie_of_maria(http)
    for origin in ("https://elsewhere.example", "null"):
        assert http.post("/auth/sign-in", headers={"Origin": origin}).status_code == 403
        assert http.post("/auth/sign-out", headers={"Origin": origin}).status_code == 403
    assert http.get("/queue/published").status_code == 200


def test_a_stranger_who_tries_too_often_locks_out_nobody_but_themselves(
    http: httpx.Client,
) -> None:
    def tries(name: str, password: str, *, asked_from: str) -> str:
        # As proxies do: who asks them comes last, after whatever they were sent.
        told = {"X-Forwarded-For": f"198.51.100.1, {asked_from}"}
        form = {"username": name, "password": password}
        http.cookies.clear()
        return str(http.post("/auth/sign-in", data=form, headers=told).headers["location"])

    for number in range(ATTEMPTS_PER_ADDRESS):
        assert "error=wrong" in tries(f"guess {number}", "no", asked_from="203.0.113.9")
    assert "error=throttled" in tries("maria", "demo", asked_from="203.0.113.9")
    assert tries("maria", "demo", asked_from="203.0.113.10") == "/queue/published"
