"""Who asks: a program by its key, or a person's browser by its session from our own pages."""

from dataclasses import dataclass

from fastapi import Request

from escalation_app import request_context
from escalation_app.api.refusals import ForeignOrigin, InvalidFields, KeyMissing
from escalation_app.domain.people import Viewer
from escalation_app.domain.refusals import KeyRefused
from escalation_app.services import api_keys, sessions
from escalation_app.services.desk import Desk
from escalation_app.settings import settings

SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the name under which their requests are counted."""

    viewer: Viewer
    counted_as: str


async def identify(desk: Desk, request: Request) -> Caller:
    """A key goes before a cookie.

    Raises:
        InvalidFields, KeyMissing, KeyRefused, NotSignedIn, ForeignOrigin
    """
    caller = await _identified(desk, request)
    request_context.note(person=caller.viewer.person_id)
    return caller


def key_of(request: Request) -> str:
    """The key or token that a program sends. Raises InvalidFields, KeyMissing, KeyRefused."""
    header = once(request, "Authorization")
    if header is None:
        raise KeyMissing
    return _bearer(header)


async def _identified(desk: Desk, request: Request) -> Caller:
    header = once(request, "Authorization")
    if header is not None:
        holder = await api_keys.holder_of(desk, _bearer(header))
        return Caller(holder.viewer, f"key:{holder.key_id}")
    secret = request.cookies.get(settings().cookie_name)
    if secret is None:
        raise KeyMissing
    if not _is_from_our_own_page(request):
        raise ForeignOrigin
    viewer = await sessions.who(desk, secret)
    return Caller(viewer, f"person:{viewer.person_id}")


def once(request: Request, header: str) -> str | None:
    """The header's value. Raises InvalidFields: of two, nobody knows which is meant."""
    values = request.headers.getlist(header)
    if len(values) > 1:
        raise InvalidFields([(header, "Please send this header once.")])
    return values[0] if values else None


def _bearer(header: str) -> str:
    scheme, _, key = header.partition(" ")
    if scheme.casefold() != "bearer":
        raise KeyRefused
    return key.strip()


def _is_from_our_own_page(request: Request) -> bool:
    """What a browser says of the page that asks; a page can't make it say something else.

    A browser names the origin of everything that changes something, so silence is no pass there.
    """
    is_safe = request.method in SAFE
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if origin is not None and origin != settings().public_url:
        return False
    if site is not None and site != "same-origin" and not (is_safe and site == "none"):
        return False
    return is_safe or origin is not None
