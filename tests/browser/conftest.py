"""The real program behind a line that can be cut, and people with a browser each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.servers.fake_openai import FakeOpenAI
from tests.servers.ports import free_port
from tests.servers.program import Program
from tests.servers.tcp_proxy import TcpProxy
from tests.servers.webhook_receiver import WebhookReceiver

SignIn = Callable[..., Page]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def running_receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as running:
        yield running


@pytest.fixture
def receiver(running_receiver: WebhookReceiver) -> WebhookReceiver:
    running_receiver.forget()
    return running_receiver


@pytest.fixture(scope="session")
def program_and_line(
    tmp_path_factory: pytest.TempPathFactory, running_receiver: WebhookReceiver
) -> Iterator[tuple[Program, TcpProxy]]:
    port = free_port()
    line = TcpProxy(port)
    # The page knows the desk by its public address only, and that is the line's.
    running = Program(
        tmp_path_factory.mktemp("program"),
        port,
        line.port,
        surroundings=running_receiver.environment,
    )
    running.start()
    yield running, line
    running.stop()
    line.close()


@pytest.fixture
def program(program_and_line: tuple[Program, TcpProxy]) -> Program:
    return program_and_line[0]


@pytest.fixture
def line(program_and_line: tuple[Program, TcpProxy]) -> Iterator[TcpProxy]:
    yield program_and_line[1]
    program_and_line[1].restore()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield opened
        opened.close()


@contextmanager
def signing_in(program: Program, browser: Browser) -> Iterator[SignIn]:
    """Lets people sign in, each in a browser profile of their own, until the block ends."""
    with ExitStack() as contexts:

        def as_person(name: str, path: str = "/queue/published", **options: Any) -> Page:
            wide = {"viewport": {"width": 1440, "height": 900}}
            context = contexts.enter_context(browser.new_context(**(wide | options)))
            page = context.new_page()
            page.goto(f"{program.address}{path}")
            page.get_by_label("Username").fill(name)
            page.get_by_label("Password").fill("demo")
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url(lambda address: "/login" not in address)
            page.get_by_text("Connected", exact=True).wait_for()
            return page

        yield as_person


@pytest.fixture
def sign_in(program: Program, browser: Browser) -> Iterator[SignIn]:
    with signing_in(program, browser) as ready:
        yield ready


@pytest.fixture(scope="module")
def model() -> Iterator[FakeOpenAI]:
    fake = FakeOpenAI()
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def with_model(tmp_path_factory: pytest.TempPathFactory, model: FakeOpenAI) -> Iterator[Program]:
    """A program of its own that asks this model."""
    port = free_port()
    running = Program(tmp_path_factory.mktemp("with-model"), port, port, model_url=model.base_url)
    running.start()
    yield running
    running.stop()
