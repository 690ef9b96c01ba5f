"""Before a page is served: who is not signed in goes to the sign-in page, and back afterwards."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from escalation_app import routes
from escalation_app.domain.refusals import DeskUnavailable, NotSignedIn
from escalation_app.services import sessions
from escalation_app.services.desk import Desk
from escalation_app.settings import settings


class Door:
    """ASGI middleware in front of the pages."""

    def __init__(self, app: ASGIApp, desk: Callable[[], Desk]) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
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
        if path not in (*routes.GUARDED, ""):
            return None
        try:
            who = await sessions.who(self._desk(), request.cookies.get(settings().cookie_name))
        except DeskUnavailable as refusal:
            return PlainTextResponse(str(refusal), 503, {"Retry-After": "5"})
        except NotSignedIn:
            wanted = path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(routes.login(routes.own_path(wanted) or ""), 303)
        return None if path else RedirectResponse(routes.queue(who.home.value), 303)
