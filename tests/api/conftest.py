"""The API in this process, and each of the cast with a key."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from escalation_app.api import app as api_app
from escalation_app.domain.people import COMMAND_LINE
from escalation_app.integrations.rate_limit import RateLimit
from escalation_app.services import api_keys
from escalation_app.services.desk import Desk
from tests.cast import ROLES, Cast

ORIGIN = "http://127.0.0.1:3000"
Call = Callable[..., Awaitable[httpx.Response]]


def key_of(who: str) -> str:
    return f"key-of-{who}"


def as_(who: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key_of(who)}", **more}


def a_body(external_id: str = "chat-1", **changes: Any) -> dict[str, Any]:
    """What an agent sends to escalate."""
    body = {
        "queue": "published",
        "reason": "Charged twice.",
        "trigger": "Angry customer",
        "urgency": "high",
        "topic": "Refund",
        "area": "Payment",
        "conversation": {
            "external_id": external_id,
            "profile": {"name": "Dana"},
            "messages": [{"role": "user", "text": "I was charged twice!"}],
        },
    }
    return body | changes


def mounted(desk: Desk, per_minute: int = 100_000) -> Starlette:
    """As the program has it: below a path, in front of everything else."""
    return Starlette(routes=[api_app.mount(lambda: desk, RateLimit(per_minute))])


def client_of(app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN)


async def give_keys(desk: Desk) -> None:
    for name in ROLES:
        await api_keys.create(desk, COMMAND_LINE, name, "test", secret=key_of(name))


@pytest.fixture
async def keys(desk: Desk, cast: Cast) -> None:
    await give_keys(desk)


@pytest.fixture
async def http(desk: Desk, keys: None) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(mounted(desk)) as client:
        yield client


@pytest.fixture
def call(http: httpx.AsyncClient) -> Call:
    """`await call("maria", "GET", "/escalations")`"""

    async def call(
        who: str, method: str, path: str, body: Any = None, **options: Any
    ) -> httpx.Response:
        headers = as_(who, **options.pop("headers", {}))
        if body is not None:
            options["json"] = body
        return await http.request(method, f"/api/v1{path}", headers=headers, **options)

    return call
