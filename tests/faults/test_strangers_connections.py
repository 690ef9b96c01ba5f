"""Strangers who connect, and take their time, keep nobody from the desk."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from tests.servers.program import Program

# More than two processes once took, all in all.
MANY = 1_100
# As long as the server waits for a request's head, and some.
PATIENCE_SECONDS = 45


@pytest.fixture(autouse=True)
def as_many_files() -> None:
    """Each line is a file of this process, too."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, 2 * MANY), most))


@contextmanager
def connected(program: Program, count: int, said: bytes) -> Iterator[list[socket.socket]]:
    """So many lines on which this was said, and nothing more."""
    with ExitStack() as stack:
        lines = []
        for _ in range(count):
            line = socket.create_connection(("127.0.0.1", program.port), timeout=PATIENCE_SECONDS)
            stack.callback(line.close)
            line.sendall(said)
            lines.append(line)
        yield lines


@pytest.mark.parametrize("said", [b"", b"GET /healthz HTTP/1.1\r\nHost: de"])
def test_a_thousand_strangers_who_ask_for_nothing_keep_nobody_out(
    two_workers: Program, said: bytes
) -> None:
    with connected(two_workers, MANY, said):
        assert httpx.get(f"{two_workers.address}/healthz", timeout=10).status_code == 200


def test_who_says_nothing_is_let_go(two_workers: Program) -> None:
    with connected(two_workers, 1, b"") as [line]:
        assert line.recv(1) == b""
