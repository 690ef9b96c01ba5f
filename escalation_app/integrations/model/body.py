"""Reading what a server sends, never more of it than a sane answer has."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx

from escalation_app.domain.model_failures import ModelFailed, ModelFailure
from escalation_app.integrations.model.wire import read_answer, read_part

ANSWER_LIMIT = 64 * 1024
# Each event of a stream repeats some 300 bytes around a few characters, and is not kept.
STREAM_LIMIT = 2 * 1024 * 1024


async def whole(response: httpx.Response) -> str:
    """The text of an answer that comes in one piece.

    Raises:
        ModelFailed
    """
    body = bytearray()
    # Raw: nothing compressed was asked for, and nothing is inflated.
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            raise _too_long()
    return read_answer(bytes(body))


async def parts(response: httpx.Response) -> AsyncGenerator[str, None]:
    """The text of an answer as it comes.

    Raises:
        ModelFailed: CUT_OFF when the stream ends before the answer does.
    """
    if "text/event-stream" not in response.headers.get("content-type", ""):
        # Some endpoints don't stream and send all of it at once.
        yield await whole(response)
        return
    last = heard = False
    async with aclosing(_lines(response)) as lines:
        async for line in lines:
            if not line.startswith(b"data:"):
                continue
            heard = True
            data = line.removeprefix(b"data:").strip()
            if data == b"[DONE]":
                return
            text, ends = read_part(data)
            last = last or ends
            if text:
                yield text
    if not heard:
        raise ModelFailed(ModelFailure.UNUSABLE, "it is no stream of events")
    if not last:
        raise ModelFailed(ModelFailure.CUT_OFF)


async def _lines(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    pending, total = b"", 0
    async for chunk in response.aiter_raw():
        total += len(chunk)
        *lines, pending = (pending + chunk).split(b"\n")
        if total > STREAM_LIMIT or len(pending) > ANSWER_LIMIT:
            raise _too_long()
        for line in lines:
            yield line.rstrip(b"\r")
    if pending:
        yield pending


def _too_long() -> ModelFailed:
    return ModelFailed(ModelFailure.UNUSABLE, "it is far too long")
