"""A route that answers once the peer is up."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def _answer(_request: object) -> PlainTextResponse:
    return PlainTextResponse("ready")


route = Route("/readyz", _answer)
ready = Starlette(routes=[route])
