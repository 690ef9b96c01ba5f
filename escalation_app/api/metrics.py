"""What is measured, for Prometheus: told to an admin's key, or to whoever has the token made for it."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from escalation_app import request_context, routes
from escalation_app.api import problems
from escalation_app.api.identity import key_of
from escalation_app.api.scrape import Scrape
from escalation_app.domain.people import Permission
from escalation_app.domain.refusals import DeskUnavailable, Refusal
from escalation_app.services import api_keys, measuring
from escalation_app.services.desk import Desk
from escalation_app.settings import settings

# Letting go of a connection that hangs takes 2 more, and Prometheus gives up after 10.
DATABASE_SECONDS = 2


async def metrics(request: Request) -> Response:
    """200 and all metrics in the format that was asked for; a problem detail for anybody else."""
    desk: Desk = request.app.state.desk()
    try:
        async with _soon():
            await _admit(desk, request)
    except Refusal as refusal:
        return problems.answer(refusal)
    try:
        async with _soon():
            standing = await measuring.standing(desk)
    except DeskUnavailable:
        # Just then the other figures are wanted.
        standing = None
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    scrape = Scrape(standing, settings().metrics_directory)
    # Files are read, which the tabs must not wait for.
    text = await asyncio.to_thread(encode, scrape)
    return Response(text, media_type=media_type, headers={"Cache-Control": "no-store"})


ROUTES = [Route(routes.METRICS, metrics)]


@asynccontextmanager
async def _soon() -> AsyncIterator[None]:
    """Raises DeskUnavailable: the database hangs, which is told while Prometheus still waits."""
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            yield
    except TimeoutError as error:
        raise DeskUnavailable from error


async def _admit(desk: Desk, request: Request) -> None:
    """Raises InvalidFields, KeyMissing, KeyRefused, NotPermitted, DeskUnavailable."""
    key, token = key_of(request), settings().metrics_token
    if token and hmac.compare_digest(key.encode(), token.get_secret_value().encode()):
        return
    holder = await api_keys.holder_of(desk, key)
    request_context.note(person=holder.viewer.person_id)
    holder.viewer.must(Permission.WATCH)
