"""One question to an OpenAI-compatible endpoint: within a deadline, retried once, or failed by name.

Plain httpx and not the vendor's SDK: that reads an error's body whole, however long, and its
retries know no deadline.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx

from escalation_app.integrations.model import body
from escalation_app.integrations.model.naming import (
    SchemaRejected,
    must_be_good,
    named_failures,
)
from escalation_app.integrations.model.prompt import Prompt
from escalation_app.integrations.model.retry import is_worth_a_retry, pause_before_retry

log = logging.getLogger(__name__)


class ModelClient:
    def __init__(
        self, *, base_url: str, api_key: str, model: str, deadline: float, connect: float
    ) -> None:
        self._url = f"{base_url.strip().rstrip('/')}/chat/completions"
        self._model = model
        self._deadline = deadline
        self._takes_schemas = True
        headers = {b"content-type": b"application/json", b"accept-encoding": b"identity"}
        if api_key.strip():
            headers[b"authorization"] = b"Bearer " + api_key.strip().encode()
        # The key goes to the configured address and nowhere else: no redirects, and no proxy
        # that only an environment variable knows of.
        self._http = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(deadline, connect=connect),
            # A kept connection that the server is just closing would look like a broken answer.
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def answer(self, prompt: Prompt, schema: dict[str, Any] | None = None) -> str:
        """The whole answer; in the form of `schema` if the endpoint can do that.

        Raises:
            ModelFailed
        """
        with named_failures():
            async with asyncio.timeout(self._deadline) as limit:
                until = limit.when() or 0.0
                if schema is not None and self._takes_schemas:
                    with contextlib.suppress(SchemaRejected):
                        return await self._whole(self._request(prompt, schema), until)
                text = await self._whole(self._request(prompt), until)
                if schema is not None and self._takes_schemas:
                    log.info("the model takes no JSON schema; it is asked in words from now on")
                    self._takes_schemas = False
                return text

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer's text as it comes.

        Raises:
            ModelFailed
        """
        until = asyncio.get_running_loop().time() + self._deadline
        async with contextlib.aclosing(self._parts(prompt, until)) as texts:
            while True:
                # The clock may only interrupt this wait, never the reader between two texts.
                with named_failures():
                    async with asyncio.timeout_at(until):
                        text = await anext(texts, None)
                if text is None:
                    return
                yield text

    def _request(self, prompt: Prompt, schema: dict[str, Any] | None = None) -> dict[str, Any]:
        # Nothing optional: some endpoint rejects any parameter that is not needed.
        request: dict[str, Any] = {"model": self._model, "messages": prompt.messages}
        if schema is not None:
            form = {"name": "answer", "strict": True, "schema": schema}
            request["response_format"] = {"type": "json_schema", "json_schema": form}
        return request

    async def _whole(self, request: dict[str, Any], until: float) -> str:
        async with self._asked(request, until) as response:
            return await body.whole(response)

    async def _parts(self, prompt: Prompt, until: float) -> AsyncGenerator[str, None]:
        request = self._request(prompt) | {"stream": True}
        async with (
            self._asked(request, until) as response,
            contextlib.aclosing(body.parts(response)) as texts,
        ):
            async for text in texts:
                yield text

    @contextlib.asynccontextmanager
    async def _asked(self, request: dict[str, Any], until: float) -> AsyncIterator[httpx.Response]:
        """A good response, with one retry where that may help and the deadline allows it."""
        response = await self._send(request)
        if is_worth_a_retry(response.status_code):
            pause = pause_before_retry(response.headers.get("retry-after"))
            if asyncio.get_running_loop().time() + pause < until:
                await response.aclose()
                await asyncio.sleep(pause)
                response = await self._send(request)
        try:
            must_be_good(response.status_code, has_schema="response_format" in request)
            yield response
        finally:
            await response.aclose()

    async def _send(self, request: dict[str, Any]) -> httpx.Response:
        content = json.dumps(request).encode()
        return await self._http.send(
            self._http.build_request("POST", self._url, content=content), stream=True
        )
