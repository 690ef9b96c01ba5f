"""Before a page is served: who is not signed in goes to the sign-in page, who is goes past it."""

from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from escalation_app import routes
from escalation_app.api import content_policy
from escalation_app.domain.people import Viewer
from escalation_app.domain.refusals import DeskUnavailable, NotSignedIn
from escalation_app.services import sessions
from escalation_app.services.desk import Desk
from escalation_app.settings import settings

NOWHERE = "/404"
RETRY = {"Retry-After": "5"}
# It asks again by itself, and the address stays.
AWAY = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="color-scheme" content="light dark"><title>Escalation desk</title>
<style>body{{font:16px system-ui;display:grid;place-items:center;min-height:90vh}}</style><body>
<p>{sentence}<br>This page tries again by itself.</p></body></html>"""


class Door:
    """ASGI middleware in front of the pages."""

    def __init__(self, app: ASGIApp, desk: Callable[[], Desk]) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _is_crooked(scope["path"]):
            # Made into a redirect it would name another host, or whichever host the request names.
            scope = {**scope, "path": NOWHERE}
        path = scope["path"].rstrip("/")
        answer = await self._turned_away(Request(scope), path)
        if answer is not None:
            await answer(scope, receive, send)
            return
        if path in routes.PAGES:
            # The folder of a built page is served at once; a redirect would change its address.
            scope = {**scope, "path": f"{path}/"}
        await self._app(scope, receive, send)

    async def _turned_away(self, request: Request, path: str) -> Response | None:
        """What is answered instead of the page, or None for whoever may come in."""
        if path == routes.LOGIN:
            return await self._past_the_login(request)
        if path not in (*routes.GUARDED, ""):
            return None
        try:
            who = await self._who(request)
        except DeskUnavailable as refusal:
            return _away(str(refusal))
        except NotSignedIn:
            wanted = path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(routes.login(routes.own_path(wanted) or ""), 303)
        return None if path else RedirectResponse(routes.queue(who.home.value), 303)

    async def _past_the_login(self, request: Request) -> Response | None:
        """On to where one wanted to go, for whoever has nothing to sign in for."""
        try:
            who = await self._who(request)
        except (DeskUnavailable, NotSignedIn):
            return None
        wanted = routes.own_path(request.query_params.get("next", ""))
        return RedirectResponse(wanted or routes.queue(who.home.value), 303)

    async def _who(self, request: Request) -> Viewer:
        return await sessions.who(self._desk(), request.cookies.get(settings().cookie_name))


def _is_crooked(path: str) -> bool:
    """Whether it leads somewhere by a detour, as no address of ours does."""
    _, *parts = path.rstrip("/").split("/")
    return not path.startswith("/") or not {"", ".", ".."}.isdisjoint(parts) or path[:2] == "//"


def _away(sentence: str) -> Response:
    document = AWAY.format(sentence=escape(sentence))
    policy = {content_policy.HEADER: content_policy.of_notice(document)}
    return HTMLResponse(document, 503, RETRY | policy)
