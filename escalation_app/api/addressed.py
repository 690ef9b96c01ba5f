"""Who is asked: requests that are meant for somebody else are answered here, and led nowhere."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

NO_PATH = "The desk is no proxy: please ask for a path of its own."
TWO_HOSTS = "A request names the host that it asks once."


class Addressed:
    """ASGI middleware. A router redirects a path that is none to the host that the request named.

    RFC 9112, section 3.2: a request with more than one Host is answered with 400.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason = _why_not(scope) if scope["type"] == "http" else ""
        answer: ASGIApp = PlainTextResponse(reason, 400) if reason else self._app
        await answer(scope, receive, send)


def _why_not(scope: Scope) -> str:
    if not scope["path"].startswith("/"):
        return NO_PATH
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return TWO_HOSTS if len(hosts) > 1 else ""
