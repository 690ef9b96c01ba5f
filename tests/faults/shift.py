"""People at work while something breaks: cases come, are claimed and are completed."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.clients.plain_tab import PlainTab

RANKS = {"Pending": 0, "InProgress": 1, "Completed": 2}
AS_THE_AGENT = {"Authorization": "Bearer demo-agent"}
AS_ADMIN = {"Authorization": "Bearer demo-admin"}
NOTE = {"what_happened": "Charged twice.", "action_taken": "Refunded the second charge."}
# Few enough that a page still shows what was done ten seconds ago.
PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class Done:
    """Since when it was known for sure that a case had come so far."""

    at: float
    case_id: int
    status: str


class Shift:
    """Its cases are of one topic. A call without an answer is sent again for `patience` seconds."""

    def __init__(self, address: str, patience: float = 0.0) -> None:
        self.topic = f"Shift {uuid4().hex[:8]}"
        self.path = f"/queue/published?view=all&topic={self.topic.replace(' ', '+')}"
        self.done: list[Done] = []
        # Calls that met nobody who serves.
        self.turned_away = 0
        self._patience = patience
        self._client = httpx.AsyncClient(base_url=f"{address}/api/v1", timeout=20)

    async def __aenter__(self) -> "Shift":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def a_case_comes(self) -> int:
        """Returns its number."""
        case = {
            "queue": "published",
            "reason": "Charged twice and very angry.",
            "trigger": "Angry customer",
            "urgency": "high",
            "topic": self.topic,
            "area": "Payment",
            "conversation": {
                "external_id": f"shift-{uuid4().hex}",
                "profile": {"name": "Dana Whitfield"},
                "messages": [{"role": "user", "text": "I was charged twice!"}],
            },
        }
        once = {"Idempotency-Key": uuid4().hex}
        answer = await self._call("POST", "/escalations", AS_THE_AGENT | once, case)
        assert answer.status_code in (200, 201), answer.text
        case_id = int(answer.json()["id"])
        self._note(case_id, "Pending")
        return case_id

    async def through_the_api(self, case_id: int) -> None:
        """Claim and complete it as a program does."""
        await self._verb(case_id, "claim", None)
        self._note(case_id, "InProgress")
        await self._verb(case_id, "complete", NOTE)
        self._note(case_id, "Completed")

    async def through_a_tab(self, tab: PlainTab, case_id: int, within: float = 5) -> None:
        """Claim and complete it as a page does; whether it worked is what the API says then."""
        await tab.send("claim", {"case_id": case_id})
        await self._reaches(case_id, "InProgress", within)
        await tab.send("complete", {"form": {"case_id": str(case_id), **NOTE}})
        await self._reaches(case_id, "Completed", within)

    async def goes_on_until(self, over: asyncio.Event, tab: PlainTab | None = None) -> None:
        """Take one case after the other, through this tab or else through the API.

        Raises:
            TimeoutError, AssertionError: One of the verbs did not work.
        """
        while not over.is_set():
            case_id = await self.a_case_comes()
            if tab is None:
                await self.through_the_api(case_id)
            else:
                await self.through_a_tab(tab, case_id)
            await asyncio.sleep(PAUSE_SECONDS)

    async def case(self, case_id: int) -> dict[str, Any]:
        answer = await self._call("GET", f"/escalations/{case_id}", AS_ADMIN)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def kinds_of(self, case_id: int) -> list[str]:
        """What the case's timeline tells, from its beginning."""
        return [entry["kind"] for entry in (await self.case(case_id))["timeline"]]

    async def _verb(self, case_id: int, verb: str, body: object) -> None:
        answer = await self._call("POST", f"/escalations/{case_id}/{verb}", AS_ADMIN, body)
        if answer.status_code == 409 and self._patience:
            # The call that had no answer was done all the same.
            assert (await self.case(case_id))["status"] == "Completed", answer.text
        else:
            assert answer.status_code == 200, answer.text

    async def _call(
        self, method: str, path: str, headers: Mapping[str, str], body: object = None
    ) -> httpx.Response:
        until = time.monotonic() + self._patience
        while True:
            try:
                answer = await self._client.request(method, path, json=body, headers=headers)
                if answer.status_code < 500 or time.monotonic() > until:
                    return answer
            except httpx.TransportError as error:
                self.turned_away += isinstance(error, httpx.ConnectError)
                if time.monotonic() > until:
                    raise
            await asyncio.sleep(0.1)

    async def _reaches(self, case_id: int, status: str, within: float) -> None:
        async with asyncio.timeout(within):
            while True:
                if (await self.case(case_id))["status"] == status:
                    break
                await asyncio.sleep(0.1)
        self._note(case_id, status)

    def _note(self, case_id: int, status: str) -> None:
        self.done.append(Done(time.monotonic(), case_id, status))
