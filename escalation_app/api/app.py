"""The HTTP API: what it is made of. It is mounted, so it has no lifespan of its own."""

import re
from collections.abc import Callable

from fastapi import APIRouter, Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.routing import Mount

from escalation_app.api import conversations, documentation, escalations, problems, settings
from escalation_app.api.documentation import MOUNTED_AT
from escalation_app.api.head import HeadAsGet
from escalation_app.api.route import V1, bearer
from escalation_app.integrations.rate_limit import RateLimit
from escalation_app.services.desk import Desk

VERSION = "1.0.0"


def make(desk: Callable[[], Desk], rate_limit: RateLimit) -> FastAPI:
    """The API, its documentation, and the assets of the documentation, which we serve ourselves."""
    app = FastAPIOffline(
        title="Escalation desk",
        summary="The live escalation desk between AI support agents and human supervisors",
        version=VERSION,
        description=documentation.DESCRIPTION,
        openapi_tags=documentation.TAGS,
        docs_url=None,
        redoc_url=None,
        static_url=documentation.ASSETS,
        redirect_slashes=False,
        root_path_in_servers=False,
    )
    app.add_middleware(HeadAsGet)
    app.state.desk = desk
    app.state.rate_limit = rate_limit
    v1 = APIRouter(prefix=V1, dependencies=[Depends(bearer)])
    for room in (escalations, conversations, settings):
        v1.include_router(room.router)
    app.include_router(v1)
    problems.install(app)
    documentation.describe(app)
    documentation.add_page(app)
    return app


def mount(desk: Callable[[], Desk], rate_limit: RateLimit) -> Mount:
    """The API below its path, whatever follows there."""
    mounted = Mount(MOUNTED_AT, make(desk, rate_limit))
    # An address with a line break in it would else be a page's.
    mounted.path_regex = re.compile(mounted.path_regex.pattern, re.DOTALL)
    return mounted
