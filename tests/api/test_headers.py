"""What is around every answer, whatever kind of message it is."""

from typing import Any

from starlette.types import Message, Receive, Scope, Send

from escalation_app.api.headers import SafeHeaders


async def answered(message: Message, *, path: str = "/", is_https: bool = False) -> dict[str, str]:
    """The headers that go out with this message."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({**message})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    guarded = SafeHeaders(app, policy_of_pages="the pages'", is_https=is_https)
    await guarded({"type": "http", "path": path}, receive, send)
    return {name.decode().lower(): value.decode() for name, value in sent[0].get("headers", [])}


def start(status: int = 200, **headers: str) -> Message:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": raw}


async def test_an_answers_own_headers_win() -> None:
    told = await answered(start(cache_control="private", content_security_policy="its own"))
    assert told["cache-control"] == "private"
    assert told["content-security-policy"] == "its own"
    assert told["x-content-type-options"] == "nosniff"


async def test_pages_alone_have_the_pages_policy() -> None:
    page = await answered(start(content_type="text/html; charset=utf-8", etag="x"))
    assert page["content-security-policy"] == "the pages'"
    assert page["cache-control"] == "no-store"
    other = await answered(start(content_type="application/json"))
    assert "script-src" not in other["content-security-policy"]


async def test_a_file_is_kept_for_ever_when_its_name_is_its_hash() -> None:
    file = start(content_type="text/css", etag="x")
    assert "immutable" in (await answered(file, path="/assets/a-1.css"))["cache-control"]
    assert (await answered(file, path="/styles.css"))["cache-control"] == "no-cache"
    gone = start(404, content_type="text/css", etag="x")
    assert (await answered(gone, path="/assets/a-1.css"))["cache-control"] == "no-store"


async def test_on_https_alone_browsers_are_kept_there() -> None:
    assert "strict-transport-security" not in await answered(start())
    told = await answered(start(), is_https=True)
    assert told["strict-transport-security"] == "max-age=63072000; includeSubDomains"


async def test_an_accepted_and_a_refused_socket_have_them_too() -> None:
    for kind in ("websocket.accept", "websocket.http.response.start"):
        told = await answered({"type": kind, "status": 403})
        assert told["x-content-type-options"] == "nosniff"


async def test_what_is_no_answer_stays_as_it_is() -> None:
    assert await answered({"type": "http.response.body", "body": b""}) == {}
