"""The fake model's process: `/v1/chat/completions`, and `/control/...` for those who know the token.

A hand-written server, since half of its work is to break HTTP.
"""

import argparse
import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.servers.http_wire import Wire
from tests.servers.openai_faults import (
    SEQUENCES,
    STATUSES,
    TEN_MEGABYTES,
    events,
    for_ever,
    text_under,
    whole,
)

JSON = {"Content-Type": "application/json"}
STREAM = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}


class FakeModel:
    def __init__(self, token: str, fault: str) -> None:
        self._token = token
        self._fault = fault
        self._asked: Counter[str] = Counter()
        self._requests: list[dict[str, Any]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            method, path, headers, body = await wire.read()
            if path.startswith("/control/"):
                await self._control(wire, method, path, headers, body)
            else:
                self._requests.append(
                    {"path": path, "headers": headers, "body": json.loads(body or b"null")}
                )
                await self._complete(wire, path)
        with contextlib.suppress(OSError):
            writer.close()

    async def _control(
        self, wire: Wire, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> None:
        if headers.get("x-token") != self._token:
            await wire.answer(403, b"{}", JSON)
            return
        if path == "/control/fault" and method == "PUT":
            self._fault = json.loads(body)["fault"]
            self._asked.clear()
            self._requests.clear()
        listed = self._requests if path == "/control/requests" else {"fault": self._fault}
        await wire.answer(200, json.dumps(listed).encode(), JSON)

    async def _complete(self, wire: Wire, path: str) -> None:
        request = self._requests[-1]["body"]
        if path != "/v1/chat/completions":
            await wire.answer(404, b"{}", JSON)
            return
        fault = self._fault_for(request)
        if fault in STATUSES:
            status, headers = STATUSES[fault]
            await wire.answer(status, b"" if status == 204 else b'{"error": {}}', JSON | headers)
        elif fault == "no-schema" and "response_format" in request:
            await wire.answer(400, b'{"error": {"message": "unknown response_format"}}', JSON)
        elif fault == "hang":
            await for_ever()
        elif request.get("stream") and fault != "no-stream":
            await self._stream(wire, fault, request)
        else:
            await self._answer(wire, fault, request)

    def _fault_for(self, request: dict[str, Any]) -> str:
        """A model named like a fault has it; otherwise the one that was set."""
        model = request["model"].removeprefix("fault:")
        name = model if model != request["model"] else self._fault
        sequence = SEQUENCES.get(name, [name])
        self._asked[name] += 1
        return sequence[min(self._asked[name], len(sequence)) - 1]

    async def _answer(self, wire: Wire, fault: str, request: dict[str, Any]) -> None:
        body = whole(text_under(fault, request))
        match fault:
            case "garbage-body":
                await wire.answer(200, b"<html>\xff\xfe not a model</html>", JSON)
            case "10mb":
                await wire.answer(200, whole("a" * TEN_MEGABYTES), JSON)
            case "cut":
                await wire.head(200, JSON | {"Content-Length": str(len(body))})
                await wire.send(body[: len(body) // 2])
            case "drip":
                await wire.head(200, JSON | {"Content-Length": str(len(body))})
                await self._drip(wire, (body[i : i + 1] for i in range(len(body))))
            case "hang-midway":
                await wire.head(200, JSON | {"Content-Length": str(len(body))})
                await wire.send(body[: len(body) // 2])
                await for_ever()
            case _:
                await wire.answer(200, body, JSON)

    async def _stream(self, wire: Wire, fault: str, request: dict[str, Any]) -> None:
        sent = list(events(text_under(fault, request)))
        await wire.head(200, STREAM)
        match fault:
            case "garbage-body":
                await wire.chunk(b"<html>\xff\xfe not a model</html>")
            case "10mb":
                for event in events("a" * TEN_MEGABYTES, 1_000_000):
                    await wire.chunk(event)
            case "endless":
                while True:
                    await wire.chunk(b": still thinking\n" * 1_000)
            case "error-midway":
                sent = [*sent[: len(sent) * 2 // 3], b'data: {"error": {"message": "oops"}}\n\n']
            case "cut" | "hang-midway":
                sent = sent[: len(sent) * 2 // 3]
            case "no-end":
                sent = sent[: len(sent) * 2 // 3]
            case "drip":
                data = b"".join(sent)
                await self._drip(wire, (b"1\r\n%c\r\n" % byte for byte in data))
        if fault in {"garbage-body", "10mb"}:
            sent = []
        for event in sent:
            await wire.chunk(event)
        if fault == "hang-midway":
            await for_ever()
        if fault != "cut":
            await wire.send(b"0\r\n\r\n")

    async def _drip(self, wire: Wire, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            await wire.send(piece)
            await asyncio.sleep(1)


async def run(port: int, token: str, fault: str) -> None:
    model = FakeModel(token, fault)
    server = await asyncio.start_server(model.serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--token", default="")
    parser.add_argument("--fault", default="fine")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(given.port, given.token, given.fault))
