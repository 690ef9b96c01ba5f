"""Where one request ends and the next begins, for whoever would hide one in another."""

import socket

import pytest

from tests.servers.program import Program

HEAD = b"POST /api/v1/escalations/1/summary HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer demo-maria\r\n"
HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n"
EMPTY_CHUNK = b"\r\n\r\n0\r\n\r\n"


def answers(program: Program, request: bytes) -> list[bytes]:
    """The status lines of all that is answered, until the line is closed or says nothing more."""
    said = b""
    with socket.create_connection(("127.0.0.1", program.port), timeout=10) as line:
        line.sendall(request)
        line.settimeout(1.5)
        try:
            while part := line.recv(65_536):
                said += part
        except TimeoutError:
            pass
    return [one for one in said.split(b"\r\n") if one.startswith(b"HTTP/1.1")]


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 0\r\nContent-Length: 38\r\n\r\n",
        b"Content-Length: 0, 0\r\n\r\n",
        b"Content-Length: +0\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 0x0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity" + EMPTY_CHUNK,
        b"Transfer-Encoding: xchunked" + EMPTY_CHUNK,
        b"Transfer-Encoding : chunked" + EMPTY_CHUNK,
        b"Transfer-Encoding: \x0bchunked" + EMPTY_CHUNK,
        b"Transfer-Encoding: chunked, identity" + EMPTY_CHUNK,
        b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n0\n\n",
        b"X: folded\r\n over\r\n\r\n",
        b"X: a\x00b\r\n\r\n",
    ],
)
def test_a_request_whose_end_is_in_doubt_is_refused_with_all_that_follows(
    program: Program, framing: bytes
) -> None:
    assert answers(program, HEAD + framing + HIDDEN) == [b"HTTP/1.1 400 Bad Request"]


def test_nothing_follows_a_body_that_tells_its_length_in_two_ways(program: Program) -> None:
    both = b"Content-Length: 6\r\nTransfer-Encoding: chunked" + EMPTY_CHUNK
    assert len(answers(program, HEAD + both + b"X" + HIDDEN)) == 1


def test_a_request_that_names_two_hosts_is_refused(program: Program) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"
    assert answers(program, asked) == [b"HTTP/1.1 400 Bad Request"]
