"""How a webhook receiver answers, well or badly, byte by byte."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from tests.servers.http_wire import Wire

TEN_GIGABYTES = 10_000_000_000


class Fault(StrEnum):
    NONE = ""
    HANG = "hang"
    CLOSE = "close"
    RESET = "reset"
    GARBAGE = "garbage"
    DRIP = "drip"
    DRIP_BODY = "drip body"
    CUT = "cut"
    HUGE_HEADERS = "huge headers"
    TEN_GIGABYTES = "10 GB"


@dataclass(frozen=True)
class Answer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"thank you\n"
    fault: Fault = Fault.NONE
    # Between two bytes of a dripping answer.
    pause: float = 1.0


async def give(wire: Wire, answer: Answer) -> None:
    match answer.fault:
        case Fault.NONE:
            await wire.send(_head(answer, len(answer.body)) + answer.body)
        case Fault.HANG:
            await asyncio.Event().wait()
        case Fault.CLOSE:
            pass
        case Fault.RESET:
            wire.reset()
        case Fault.GARBAGE:
            await wire.send(b"\x00\xff SSH-2.0-no-http\r\n\r\n")
        case Fault.DRIP:
            await _drip(wire, _head(answer, 1_000), answer.pause)
        case Fault.DRIP_BODY:
            await wire.send(_head(answer, 1_000))
            await _drip(wire, b"drop\n" * 200, answer.pause)
        case Fault.CUT:
            await wire.send(_head(answer, 1_000) + answer.body)
        case Fault.HUGE_HEADERS:
            many = {f"x-{number}": "y" * 1_000 for number in range(1_000)}
            await wire.send(_head(Answer(headers=many), 0))
        case Fault.TEN_GIGABYTES:
            await wire.send(_head(answer, TEN_GIGABYTES))
            async for part in _much():
                await wire.send(part)
                # Else nobody would notice that the other side is gone.
                await asyncio.sleep(0)


def _head(answer: Answer, length: int) -> bytes:
    known = answer.status in HTTPStatus._value2member_map_
    phrase = HTTPStatus(answer.status).phrase if known else "Unheard Of"
    has_body = answer.status >= 200 and answer.status not in (204, 304)
    lengths = {"Content-Length": str(length)} if has_body else {}
    headers = {**answer.headers, **lengths, "Connection": "close"}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {answer.status} {phrase}", *lines, "", ""]).encode()


async def _drip(wire: Wire, data: bytes, pause: float) -> None:
    for byte in data:
        await wire.send(bytes([byte]))
        await asyncio.sleep(pause)


async def _much() -> AsyncIterator[bytes]:
    part = b"much\n" * 13_000
    for _ in range(TEN_GIGABYTES // len(part)):
        yield part
