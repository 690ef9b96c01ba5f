"""A person's program, which speaks with the desk by that person's key."""

from typing import Any, Self
from uuid import uuid4

import httpx


class Caller:
    """Closed with its block. `address` is the desk's, `name` a person of the demo."""

    def __init__(self, address: str, name: str) -> None:
        headers = {"Authorization": f"Bearer demo-{name}"}
        self._line = httpx.AsyncClient(
            base_url=f"{address}/api/v1/", headers=headers, timeout=60, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._line.aclose()

    async def ask(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> httpx.Response:
        return await self._line.request(method, path, json=body, headers=headers)

    async def post(self, path: str, body: object = None) -> httpx.Response:
        return await self.ask("POST", path, body)

    async def get(self, path: str) -> Any:
        return _succeeded(await self.ask("GET", path))

    async def case(self, case_id: int) -> dict[str, Any]:
        """The whole case, timeline and all."""
        return dict(await self.get(f"escalations/{case_id}"))

    async def escalates(self, **chosen: str) -> dict[str, Any]:
        """A new case, which only the agent may open."""
        return dict(_succeeded(await self.post("escalations", new_case(**chosen))))

    async def claims(self, case_id: int) -> dict[str, Any]:
        return dict(_succeeded(await self.post(f"escalations/{case_id}/claim")))


def new_case(**chosen: str) -> dict[str, Any]:
    case = {
        "queue": "published",
        "reason": "Charged twice.",
        "trigger": "Angry customer",
        "urgency": "high",
        "topic": "Billing",
        "area": "Payment",
    }
    conversation = {
        "external_id": f"case-{uuid4().hex}",
        "profile": {"name": "Dana"},
        "messages": [{"role": "user", "text": "I was charged twice!"}],
    }
    return case | chosen | {"conversation": conversation}


def _succeeded(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()
