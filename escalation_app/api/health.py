"""Is the process alive, and is it ready to serve?"""

import asyncio
from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from escalation_app import routes
from escalation_app.domain.refusals import DeskUnavailable
from escalation_app.services.desk import Desk
from escalation_app.services.queue import is_answering

# Every tab that waits for the desk asks, and so may anybody: they share one look at the database.
LOOK_LASTS_SECONDS = 0.25
SILENT = "The desk does not hear its own heartbeat on Redis."


async def healthz(_request: Request) -> Response:
    return JSONResponse({"status": "alive"})


class Readiness:
    """Whether the desk can serve, by a look at its database that all share who ask meanwhile."""

    def __init__(self) -> None:
        self._look: asyncio.Task[str] | None = None
        self._lasts_until = 0.0

    async def readyz(self, request: Request) -> Response:
        """200 when database and bus answer and the screens are fresh, else 503 with what is wrong."""
        state = request.app.state
        database = await self._database(state.desk())
        age = round(state.age_of_synchronisation(), 1)
        is_heard = state.desk().is_heard()
        is_ready = database == "ok" and is_heard and age < state.stale_after
        return JSONResponse(
            {
                "status": "ready" if is_ready else "not ready",
                "database": database,
                "bus": "ok" if is_heard else SILENT,
                "synchronised_s_ago": age,
            },
            status_code=200 if is_ready else 503,
        )

    async def _database(self, desk: Desk) -> str:
        if self._look is None or (self._look.done() and monotonic() >= self._lasts_until):
            self._look = asyncio.create_task(self._looking(desk))
        # Whoever gives up asking takes the answer from nobody else.
        return await asyncio.shield(self._look)

    async def _looking(self, desk: Desk) -> str:
        try:
            await is_answering(desk)
            return "ok"
        except DeskUnavailable as refusal:
            return str(refusal)
        finally:
            self._lasts_until = monotonic() + LOOK_LASTS_SECONDS


def health_routes() -> list[Route]:
    return [Route(routes.HEALTHZ, healthz), Route(routes.READYZ, Readiness().readyz)]
