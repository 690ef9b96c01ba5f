"""Sign-in and sign-out: plain form posts, so that the cookie can be HttpOnly."""

import asyncio
import contextlib
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from escalation_app import measures, request_context, routes
from escalation_app.api.client_address import address_of
from escalation_app.domain.credentials import ABSOLUTE_LIMIT
from escalation_app.domain.refusals import DiskFull, Refusal, SignInRefused, TooManyAttempts
from escalation_app.services import sessions
from escalation_app.services.desk import Desk
from escalation_app.settings import settings

LARGEST_FORM = 16 * 1024
FORM_SECONDS = 10


async def sign_in(request: Request) -> Response:
    """Set the session's cookie and go where one wanted to go, or back with the reason."""
    if not _is_from_our_own_page(request):
        return PlainTextResponse("Please sign in from the desk's own page.", status_code=403)
    try:
        form = await _fields(request)
    except TimeoutError:
        return PlainTextResponse("The sign-in took too long to arrive.", status_code=408)
    except ClientDisconnect:
        return PlainTextResponse("The sign-in did not arrive.", status_code=400)
    if form is None:
        return PlainTextResponse("That is too long for a sign-in.", status_code=413)
    wanted = routes.own_path(form.get("next", ""))
    try:
        secret, viewer = await sessions.sign_in(
            _desk(request),
            form.get("username", ""),
            form.get("password", ""),
            address_of(request),
        )
    except Refusal as refusal:
        return _not_let_in(refusal, wanted)
    measures.sign_ins.labels("accepted").inc()
    request_context.note(person=viewer.person_id)
    await _end_the_former(request)
    response = RedirectResponse(wanted or routes.queue(viewer.home.value), status_code=303)
    response.set_cookie(
        settings().cookie_name,
        secret,
        max_age=int(ABSOLUTE_LIMIT.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings().is_https,
        path="/",
    )
    return response


async def sign_out(request: Request) -> Response:
    """End the session and every tab that lives on it."""
    if not _is_from_our_own_page(request):
        return PlainTextResponse("Please sign out from the desk's own page.", status_code=403)
    secret = request.cookies.get(settings().cookie_name)
    if secret:
        try:
            await sessions.sign_out(_desk(request), secret)
        except Refusal as refusal:
            return PlainTextResponse(str(refusal), 503, {"Retry-After": "5"})
    response = RedirectResponse(routes.login(error="ended"), status_code=303)
    response.delete_cookie(settings().cookie_name, path="/", secure=settings().is_https)
    return response


ROUTES = [
    Route(routes.SIGN_IN, sign_in, methods=["POST"]),
    Route(routes.SIGN_OUT, sign_out, methods=["POST"]),
]


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk()
    return desk


async def _fields(request: Request) -> dict[str, str] | None:
    """The form's fields, or None when it is larger than any sign-in; what is over is not read."""
    body = bytearray()
    async with asyncio.timeout(FORM_SECONDS):
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_FORM:
                return None
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


async def _end_the_former(request: Request) -> None:
    """Whoever signs in anew leaves no session behind that this browser has lost the secret of.

    They are let in all the same when that can't be done.
    """
    former = request.cookies.get(settings().cookie_name)
    if former:
        with contextlib.suppress(Refusal):
            await sessions.sign_out(_desk(request), former)


def _not_let_in(refusal: Refusal, wanted: str | None) -> Response:
    """Back to the sign-in page, which says why. A session that may have begun is nobody's."""
    outcome, error = _why(refusal)
    measures.sign_ins.labels(outcome).inc()
    return RedirectResponse(routes.login(wanted or "", error), status_code=303)


def _why(refusal: Refusal) -> tuple[str, str]:
    """How it is counted, and what the sign-in page calls it."""
    match refusal:
        case SignInRefused():
            return "refused", "wrong"
        case TooManyAttempts():
            return "throttled", "throttled"
        case DiskFull():
            return "full", "full"
        case _:
            return "unavailable", "unavailable"


def _is_from_our_own_page(request: Request) -> bool:
    """Browsers name the origin of every POST; another site's form is turned away."""
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return False
    return request.headers.get("origin", settings().public_url) == settings().public_url
