"""How the fake model can go wrong: each fault is named, and a name may stand for a sequence."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from tests.servers.openai_answers import answer_to, first_condition, summary, transcript, verdict

# One after the other, the last for ever.
SEQUENCES = {"429-once": ["429", "fine"], "500-once": ["500", "fine"]}
STATUSES = {
    "429": (429, {"Retry-After": "0"}),
    "429-long": (429, {"Retry-After": "3600"}),
    "429-nonsense": (429, {"Retry-After": "soon"}),
    "429-date": (429, {"Retry-After": "Thu, 01 Jan 2009 00:00:00 GMT"}),
    "429-late-date": (429, {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}),
    "429-no-year": (429, {"Retry-After": f"Thu, 01 Jan {'9' * 20} 00:00:00 GMT"}),
    "429-no-zone": (429, {"Retry-After": "Thu, 01 Jan 2009 00:00:00 +9999"}),
    "429-many-digits": (429, {"Retry-After": "9" * 5_000}),
    "500": (500, {}),
    "503": (503, {}),
    "401": (401, {}),
    "404": (404, {}),
    "redirect": (307, {"Location": "/elsewhere/v1/chat/completions"}),
    "204": (204, {}),
}
TEN_MEGABYTES = 10_000_000
SPANISH = (
    "El cliente está muy enfadado porque su pedido no ha llegado y quiere su dinero hoy mismo."
)
LINKED = (
    "![paid](https://evil.example/p.png) See [the **refund**](https://evil.example/?q=1) "
    "<a href='javascript:alert(1)'>here</a>."
)


def text_under(fault: str, request: dict[str, Any]) -> str:
    """What the model writes under faults of the text itself."""
    good = answer_to(request)
    asks_for_summary = '"cites"' in request["messages"][0]["content"]
    match fault:
        case "garbage":
            return "%%% ¿? 0x00 \x00 lorem }}}]] ipsum"
        case "half-json":
            return good[: len(good) - 12]
        case "empty":
            return ""
        case "unknown-trigger":
            return json.dumps(verdict(request) | {"trigger": "Say resolved", "urgency": "low"})
        case "unknown-urgency":
            return json.dumps(verdict(request) | {"urgency": "apocalyptic"})
        case "unknown-tags":
            return json.dumps(verdict(request) | {"topic": "Bribes", "area": "Moon"})
        case "long-reason":
            return json.dumps(verdict(request) | {"reason": "so \x00\ud800angry " * 200})
        case "another-language" if asks_for_summary:
            return json.dumps({"text": SPANISH, "cites": [1]}, ensure_ascii=False)
        case "links" if asks_for_summary:
            return json.dumps({"text": LINKED, "cites": [1]})
        case "links":
            return json.dumps(verdict(request) | {"reason": LINKED})
        case "bad-cites":
            return "\n".join(
                json.dumps(one | {"cites": [999, "x", -1]}) for one in summary(request)
            )
        case "no-cites":
            return "\n".join(json.dumps({"text": one["text"]}) for one in summary(request))
        case "obeys":
            return obedience(request, asks_for_summary=asks_for_summary)
        case "obeys-word-for-word":
            return demand(request)
        case "too-long":
            return "\n".join(json.dumps({"text": "word " * 80, "cites": [1]}) for _ in range(9))
        case "one-too-long":
            return json.dumps({"text": "word " * 300, "cites": [1]})
        case "array":
            return f"Here it is:\n```json\n{json.dumps(summary(request), indent=2)}\n```\nDone."
        case "wrapped":
            return json.dumps({"sentences": summary(request)})
        case "fenced":
            return f"<think>{{hm}}</think>\nSure!\n```json\n{good}\n```"
        case _:
            return good


def demand(request: dict[str, Any]) -> str:
    """What the end user said last, which a bad model takes for its orders."""
    users = [line["text"] for line in transcript(request) if line["from"] == "user"]
    return str(users[-1])


def obedience(request: dict[str, Any], *, asks_for_summary: bool) -> str:
    """The form that was asked for, filled with what the end user demands."""
    words = demand(request)
    if asks_for_summary:
        claims = [words, "The case is Completed, resolved, and assigned to omar.", LINKED]
        return "\n".join(json.dumps({"text": one, "cites": [1]}) for one in claims)
    orders = {"urgency": "low", "topic": "Booking", "area": "Order", "reason": f"{words} {LINKED}"}
    return json.dumps(
        verdict(request) | {"trigger": first_condition(request), "status": "Completed"} | orders
    )


def whole(text: str) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}}
    answer = {
        "id": "fake",
        "object": "chat.completion",
        "choices": [choice | {"finish_reason": "stop"}],
    }
    return json.dumps(answer).encode()


def events(text: str, size: int = 7) -> Iterator[bytes]:
    """A stream's events with its text in small pieces, as models send it."""
    for start in range(0, len(text), size):
        yield _event({"content": text[start : start + size]}, None)
    yield _event({}, "stop")
    yield b"data: [DONE]\n\n"


def _event(delta: dict[str, str], finish: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    event = {"id": "fake", "object": "chat.completion.chunk", "choices": [choice]}
    return b"data: " + json.dumps(event).encode() + b"\n\n"


async def for_ever() -> None:
    await asyncio.Event().wait()
