"""An https receiver of our own, on free ports, that answers as it is told and remembers all.

with WebhookReceiver() as receiver:
    receiver.answers("/hook", status=500, times=2)  # twice, then 200 as every path
    ...  # a desk started with receiver.environment sends to receiver.url("/hook")
    receiver.wait_for(3, "/hook")
"""

import asyncio
import contextlib
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from tests.servers.http_wire import Wire
from tests.servers.webhook_answers import Answer, Fault, give
from tests.servers.webhook_certificates import Certificate, Certificates


@dataclass(frozen=True)
class Received:
    """`headers` are in small letters; `at` is seconds since 1970."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float


class WebhookReceiver:
    """A thread beside the test. Unless told otherwise, every path answers 200."""

    def __init__(self) -> None:
        self._directory = TemporaryDirectory(prefix="webhook-receiver-")
        self._certificates = Certificates(Path(self._directory.name))
        self._loop = asyncio.new_event_loop()
        # A client that does not trust us ends many handshakes; that is no news here.
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: dict[Certificate, asyncio.Server] = {}
        self._standing: dict[str, Answer] = {}
        self._next: dict[str, list[Answer]] = defaultdict(list)
        self._requests: list[Received] = []
        self._arrived = threading.Condition()
        self.sent_bytes = 0

    def __enter__(self) -> Self:
        self._thread.start()
        for certificate in Certificate:
            self._servers[certificate] = self._run(self._listen(certificate)).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._end()).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._directory.cleanup()

    @property
    def ca_file(self) -> Path:
        return self._certificates.ca_file

    @property
    def environment(self) -> dict[str, str]:
        """What lets a desk in a process of its own send to this receiver."""
        return {
            "ESCALATION_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8 ::1/128",
            "ESCALATION_WEBHOOK_CA_FILE": str(self.ca_file),
        }

    def tls_context(self) -> ssl.SSLContext:
        """For a server of one's own with the good certificate."""
        return self._certificates.context(Certificate.GOOD)

    def url(
        self,
        path: str = "/ok",
        *,
        host: str = "localhost",
        certificate: Certificate = Certificate.GOOD,
    ) -> str:
        return f"https://{host}:{self.port(certificate)}{path}"

    def port(self, certificate: Certificate = Certificate.GOOD) -> int:
        return int(self._servers[certificate].sockets[0].getsockname()[1])

    def answers(
        self,
        path: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"thank you\n",
        fault: Fault = Fault.NONE,
        pause: float = 1.0,
        times: int | None = None,
    ) -> None:
        """From now on at this path; with `times` only for so many requests, then as before."""
        answer = Answer(status, headers or {}, body, fault, pause)
        with self._arrived:
            if times is None:
                self._standing[path] = answer
                self._next.pop(path, None)
            else:
                self._next[path] += [answer] * times

    @property
    def requests(self) -> list[Received]:
        with self._arrived:
            return list(self._requests)

    def requests_at(self, path: str) -> list[Received]:
        return [one for one in self.requests if one.path.partition("?")[0] == path]

    def wait_for(self, count: int, path: str, seconds: float = 10) -> list[Received]:
        """Block until so many requests came to the path; from async tests in a thread."""
        until = time.monotonic() + seconds
        with self._arrived:
            while len(self.requests_at(path)) < count:
                left = until - time.monotonic()
                assert left > 0, f"only {len(self.requests_at(path))} requests came to {path}"
                self._arrived.wait(left)
            return self.requests_at(path)

    def forget(self) -> None:
        """Neither requests nor answers from before."""
        with self._arrived:
            self._requests.clear()
            self._standing.clear()
            self._next.clear()
            self.sent_bytes = 0

    def _run(self, work: Coroutine[Any, Any, Any]) -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _listen(self, certificate: Certificate) -> asyncio.Server:
        context = self._certificates.context(certificate)
        return await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)

    async def _end(self) -> None:
        for server in self._servers.values():
            server.close()
        served = asyncio.all_tasks() - {asyncio.current_task()}
        for task in served:
            task.cancel()
        await asyncio.gather(*served, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = CountedWire(reader, writer, self)
        with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError, ValueError):
            _method, path, headers, body = await wire.read()
            await give(wire, self._remember(Received(path, headers, body, time.time())))
        with contextlib.suppress(OSError):
            writer.close()

    def _remember(self, received: Received) -> Answer:
        path = received.path.partition("?")[0]
        with self._arrived:
            self._requests.append(received)
            self._arrived.notify_all()
            if self._next.get(path):
                return self._next[path].pop(0)
            return self._standing.get(path, Answer())


class CountedWire(Wire):
    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        receiver: WebhookReceiver,
    ) -> None:
        super().__init__(reader, writer)
        self._receiver = receiver

    async def send(self, data: bytes) -> None:
        await super().send(data)
        self._receiver.sent_bytes += len(data)
