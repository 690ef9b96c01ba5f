"""What the document promises holds for requests that nobody thought of."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlmodel import SQLModel

from escalation_app.api import app as api_app
from escalation_app.db.engine import Database
from escalation_app.domain.vocabulary import Queue
from escalation_app.integrations.rate_limit import RateLimit
from escalation_app.integrations.vault import FernetVault
from escalation_app.services.desk import Desk
from tests.api.conftest import ORIGIN, as_, client_of, give_keys, mounted
from tests.cast import SEALER, a_case, gather_cast

EXAMPLES = 20
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Who may; everything else is the admin's.
CALLERS = {
    ("POST", "/api/v1/escalations"): "agent",
    ("POST", "/api/v1/conversations"): "lina",
    ("POST", "/api/v1/conversations/{conversation_id}/messages"): "agent",
}
DOCUMENT = api_app.make(lambda: Desk(Database("sqlite://")), RateLimit(1)).openapi()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = [(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item]


@pytest.fixture
def send(database_url: str) -> Iterator[Any]:
    """Sends a request to an API with a few cases in it."""
    desk = Desk(Database(database_url), vault=FernetVault("a key for tests"), sealer=SEALER)

    async def begin() -> httpx.AsyncClient:
        async with desk.database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        cast = await gather_cast(desk)
        await give_keys(desk)
        for queue in Queue:
            await a_case(desk, cast, queue=queue)
        return client_of(mounted(desk))

    with asyncio.Runner() as runner:
        client = runner.run(begin())

        def send(request: requests.PreparedRequest) -> httpx.Response:
            body = request.body.encode() if isinstance(request.body, str) else request.body
            return runner.run(
                client.request(
                    str(request.method), str(request.url), headers=request.headers, content=body
                )
            )

        yield send
        runner.run(client.aclose())
        runner.run(desk.database.close())


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_one_that_is_described(
    send: Any, method: str, path: str, mode: GenerationMode
) -> None:
    operation = SCHEMA[path][method]
    who = CALLERS.get((method, path), "admin")

    @given(case=operation.as_strategy(generation_mode=mode), number=st.none() | st.integers(1, 3))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case, number: int | None) -> None:
        for name in case.path_parameters or {}:
            if number is not None:
                # One that exists; hardly any other would be.
                case.path_parameters[name] = number
        sent = case.as_transport_kwargs(base_url=ORIGIN, headers=as_(who))
        answer = send(requests.Request(**sent).prepare())
        case.validate_response(answer, checks=PROMISES)

    ask()
