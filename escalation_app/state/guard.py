"""Every handler names its permission; who asks comes from the cookie, never from an argument."""

import functools
import inspect
import typing
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import reflex as rx
from starlette.requests import cookie_parser

from escalation_app import request_context
from escalation_app.domain.configuration_refusals import SecretUnreadable
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import InvalidInput, TooManyDeeds
from escalation_app.integrations.rate_limit import RateLimit
from escalation_app.services import sessions
from escalation_app.services.desk import Desk
from escalation_app.settings import settings
from escalation_app.state.observed import observed

# What stays in a case's history for good, or costs a model's work.
DEEDS = frozenset({Permission.CLAIM, Permission.RELEASE, Permission.COMPLETE, Permission.SUMMARIZE})
# Of one person, in each process: far more than hands do.
DEEDS_PER_MINUTE = 120

_viewer: ContextVar[Viewer] = ContextVar("viewer")
_desk: Desk | None = None
_deeds = RateLimit(DEEDS_PER_MINUTE)


def install(desk: Desk | None) -> None:
    """Called once by the lifespan of each process."""
    global _desk, _deeds
    _desk, _deeds = desk, RateLimit(DEEDS_PER_MINUTE)


def desk() -> Desk:
    if _desk is None:
        raise RuntimeError("The desk has not been started.")
    return _desk


def viewer() -> Viewer:
    """Whoever the running handler was admitted for."""
    return _viewer.get()


def secret_of(cookie_header: str) -> str | None:
    """The session's secret in a Cookie header, read as browsers do: others' odd pairs don't matter."""
    return cookie_parser(cookie_header).get(settings().cookie_name)


def cookie_sealed(secret: str | None) -> str:
    """The Cookie header as tabs' states have it: Redis, which keeps these, is told no secret."""
    return f"{settings().cookie_name}={desk().vault.seal(secret)}" if secret else ""


def secret_of_tab(state: rx.State) -> str | None:
    sealed = secret_of(state.router.headers.cookie or "")
    try:
        return desk().vault.open(sealed) if sealed else None
    except SecretUnreadable:
        return None


def permits(
    permission: Permission,
) -> Callable[[Callable[..., Awaitable[Any]]], Callable[..., Awaitable[Any]]]:
    """Admit only those whose role has the permission, with arguments of the declared kinds.

    Raises, inside the handler: NotSignedIn, NotPermitted, TooManyDeeds, InvalidInput.
    """

    def guard(handler: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        hints = typing.get_type_hints(handler)
        signature = inspect.signature(handler)

        @observed
        @functools.wraps(handler)
        async def admitted(self: rx.State, /, *args: Any, **kwargs: Any) -> Any:
            if permission is not Permission.PUBLIC:
                who = await sessions.who(desk(), secret_of_tab(self))
                request_context.note(person=who.person_id)
                who.must(permission)
                if permission in DEEDS:
                    await _count(who)
                _viewer.set(who)
            try:
                bound = signature.bind(self, *args, **kwargs)
            except TypeError:
                raise InvalidInput(
                    "event", "The event's arguments are not the expected ones."
                ) from None
            for name, value in list(bound.arguments.items())[1:]:
                _must_be(name, value, hints.get(name, object))
            return await handler(self, *args, **kwargs)

        admitted.permission = permission  # type: ignore[attr-defined]
        return admitted

    return guard


async def _count(who: Viewer) -> None:
    verdict = await _deeds.admit(str(who.person_id))
    if not verdict.passes:
        raise TooManyDeeds(verdict.retry_after)


def _must_be(name: str, value: object, hint: Any) -> None:
    kind = typing.get_origin(hint) or hint
    # True is an int to Python, but nobody's case number.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InvalidInput(name, f"{name} is of the wrong kind.")
