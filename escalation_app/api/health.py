"""Is the process alive, and is it ready to serve?"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from escalation_app import routes
from escalation_app.domain.refusals import DeskUnavailable
from escalation_app.services.queue import is_answering

SILENT = "The desk does not hear its own heartbeat on Redis."


async def healthz(_request: Request) -> Response:
    return JSONResponse({"status": "alive"})


async def readyz(request: Request) -> Response:
    """200 when database and bus answer and the screens are fresh, else 503 with what is wrong."""
    state = request.app.state
    try:
        await is_answering(state.desk())
        database = "ok"
    except DeskUnavailable as refusal:
        database = str(refusal)
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


ROUTES = [Route(routes.HEALTHZ, healthz), Route(routes.READYZ, readyz)]
