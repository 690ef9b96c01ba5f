"""Before a page is served: who is not signed in goes to the sign-in page, and back afterwards."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
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
        if scope["type"] == "http" and scope["path"].rstrip("/") in (*routes.GUARDED, ""):
            request = Request(scope)
            try:
                who = await sessions.who(self._desk(), request.cookies.get(settings().cookie_name))
            except DeskUnavailable as refusal:
                away = PlainTextResponse(str(refusal), 503, {"Retry-After": "5"})
                await away(scope, receive, send)
                return
            except NotSignedIn:
                wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                target = routes.login(routes.own_path(wanted) or "")
                await RedirectResponse(target, status_code=303)(scope, receive, send)
                return
            if scope["path"].rstrip("/") == "":
                home = RedirectResponse(routes.queue(who.home.value), status_code=303)
                await home(scope, receive, send)
                return
        await self._app(scope, receive, send)
