"""What is measured, for Prometheus: told to an admin's key, or to whoever has the token made for it."""

import asyncio
import hmac

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


async def metrics(request: Request) -> Response:
    """200 and all metrics in the format that was asked for; a problem detail for anybody else."""
    desk: Desk = request.app.state.desk()
    try:
        await _admit(desk, request)
    except Refusal as refusal:
        return problems.answer(refusal)
    try:
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


async def _admit(desk: Desk, request: Request) -> None:
    """Raises InvalidFields, KeyMissing, KeyRefused, NotPermitted, DeskUnavailable."""
    key, token = key_of(request), settings().metrics_token
    if token and hmac.compare_digest(key.encode(), token.get_secret_value().encode()):
        return
    holder = await api_keys.holder_of(desk, key)
    request_context.note(person=holder.viewer.person_id)
    holder.viewer.must(Permission.WATCH)
