"""Each request has an id, in its answer, its problem and its line of the log."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from escalation_app.api import app as api_app
from escalation_app.api.observed import Observed
from escalation_app.integrations.rate_limit import RateLimit
from escalation_app.services.desk import Desk
from tests.api.conftest import as_, client_of
from tests.cast import Cast, a_case, id_of

GIVEN = "0123456789abcdef0123456789abcdef"
SOMEBODYS = "the card ends in 4711"


async def fail(_request: Request) -> Response:
    raise ValueError(SOMEBODYS)


async def break_off(_request: Request) -> Response:
    async def half() -> AsyncIterator[bytes]:
        yield b"half"
        raise ValueError(SOMEBODYS)

    return StreamingResponse(half())


@pytest.fixture
async def http(desk: Desk, keys: None) -> AsyncIterator[httpx.AsyncClient]:
    own = [Route("/fails", fail), Route("/breaks-off", break_off)]
    app = Starlette(routes=[*own, api_app.mount(lambda: desk, RateLimit(100_000))])
    async with client_of(Observed(app, [route.path for route in own])) as client:
        yield client


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "escalation_app")
    return caplog


def told(log: pytest.LogCaptureFixture) -> dict[str, Any]:
    [line] = [one for one in log.records if one.message == "answered"]
    return line.told  # type: ignore[attr-defined,no-any-return]


async def test_an_answer_bears_the_id_that_the_proxy_gave(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/v1/escalations", headers={"X-Request-ID": GIVEN})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == GIVEN


@pytest.mark.parametrize(
    "given", [[], [""], ["short"], ["x" * 65], ["maria@example.com, really"], [GIVEN, GIVEN]]
)
async def test_an_id_that_no_proxy_would_give_is_replaced(
    http: httpx.AsyncClient, given: list[str]
) -> None:
    headers = [("X-Request-ID", value) for value in given]
    ids = {
        (await http.get("/api/v1/escalations", headers=headers)).headers["x-request-id"]
        for _ in range(2)
    }
    assert len(ids) == 2
    assert all(len(one) == 32 and one.isalnum() for one in ids)


async def test_a_success_bears_one_too(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/v1/escalations", headers=as_("maria"))
    assert answer.status_code == 200
    assert len(answer.headers["x-request-id"]) == 32


async def test_each_request_of_the_api_has_a_line_with_its_route_and_not_its_address(
    http: httpx.AsyncClient, desk: Desk, cast: Cast, log: pytest.LogCaptureFixture
) -> None:
    case_id = id_of(await a_case(desk, cast))
    await http.post(f"/api/v1/escalations/{case_id}/claim?x=4711", headers=as_("maria"))
    assert told(log)["status"] == 422
    assert told(log)["ms"] >= 0
    [line] = log.records
    assert "4711" not in str(line.__dict__)


async def test_what_is_no_address_of_the_api_is_not_told(
    http: httpx.AsyncClient, log: pytest.LogCaptureFixture
) -> None:
    await http.get("/api/v1/4711")
    assert told(log)["status"] == 404
    assert "4711" not in str(log.records[0].__dict__)


async def test_a_fault_of_ours_is_answered_and_logged_and_goes_no_further(
    desk: Desk, log: pytest.LogCaptureFixture
) -> None:
    app = Observed(Starlette(routes=[Route("/fails", fail)]), ["/fails"])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as http:
        answer = await http.get("/fails")
    assert answer.status_code == 500
    assert "a request failed" in log.text


async def test_an_answer_that_breaks_off_does_not_look_whole(http: httpx.AsyncClient) -> None:
    app = Observed(Starlette(routes=[Route("/breaks-off", break_off)]), [])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        with pytest.raises(ValueError, match="4711"):
            await client.get("/breaks-off")
