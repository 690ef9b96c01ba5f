"""The receivers that the settings page offers to copy take what the desk signed, and nothing else."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from escalation_app.domain.webhook_secret import new_webhook_secret
from escalation_app.domain.webhook_signature import signed_headers
from tests.servers.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
NODE = Path(sys.executable).with_name("node")
BODY = '{"type":"webhook.test","data":{"actor":"Líňa 😀"}}'.encode()
OURS = new_webhook_secret()
Post = Callable[[Mapping[str, str] | Mapping[str, bytes], bytes], int]


@pytest.fixture(
    params=[(sys.executable, "receiver.py"), (str(NODE), "receiver.mjs")],
    ids=["python", "javascript"],
)
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    """Posts to the receiver and returns its answer's status."""
    program, example = request.param
    port = free_port()
    process = subprocess.Popen(
        [program, str(PROJECT / "examples" / example)],
        env=os.environ | {"WEBHOOK_SECRET": OURS, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def send(headers: Mapping[str, str] | Mapping[str, bytes], body: bytes) -> int:
        return httpx.post(f"http://127.0.0.1:{port}/", headers=headers, content=body).status_code

    _until_it_listens(port)
    yield send
    process.kill()
    process.wait()


def _until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/")
        except httpx.ConnectError:
            time.sleep(0.05)
        except httpx.TransportError:
            return
        else:
            return


def test_what_the_desk_signed_is_taken(post: Post) -> None:
    assert post(signed_headers("msg_1", datetime.now(UTC), BODY, [OURS]), BODY) == 204


def test_during_an_overlap_either_signature_is_enough(post: Post) -> None:
    for secrets in ([OURS, new_webhook_secret()], [new_webhook_secret(), OURS]):
        assert post(signed_headers("msg_1", datetime.now(UTC), BODY, secrets), BODY) == 204


def test_a_stranger_s_signature_is_refused(post: Post) -> None:
    headers = signed_headers("msg_1", datetime.now(UTC), BODY, [new_webhook_secret()])
    assert post(headers, BODY) == 401


def test_a_body_that_was_changed_is_refused(post: Post) -> None:
    headers = signed_headers("msg_1", datetime.now(UTC), BODY, [OURS])
    assert post(headers, BODY.replace(b"test", b"toast")) == 401


def test_an_old_message_played_again_is_refused(post: Post) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=6)
    assert post(signed_headers("msg_1", long_ago, BODY, [OURS]), BODY) == 401


def test_a_request_that_nobody_signed_is_refused_and_the_next_one_is_heard(post: Post) -> None:
    assert post({}, BODY) == 401
    assert post(signed_headers("msg_1", datetime.now(UTC), BODY, [OURS]), BODY) == 204


@pytest.mark.parametrize(
    "odd",
    [
        {"webhook-signature": b"v1," + "\u00e9".encode() * 22},
        {"webhook-signature": "\u00e9".encode("latin-1") * 47},
        {"webhook-timestamp": b"soon"},
        {"webhook-timestamp": "\u00b2".encode("latin-1")},
    ],
)
def test_odd_headers_are_refused_and_the_next_request_is_heard(
    post: Post, odd: dict[str, bytes]
) -> None:
    right = signed_headers("msg_1", datetime.now(UTC), BODY, [OURS])
    assert post({name: value.encode() for name, value in right.items()} | odd, BODY) == 401
    assert post(right, BODY) == 204
