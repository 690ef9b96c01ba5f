"""A program's way to the desk: the HTTP API, and what its answers mean for a history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from escalation_app.domain.refusals import DeskUnavailable, OutcomeUnknown
from escalation_app.domain.vocabulary import Status
from tests.faults.case_register import TOLD, State, Verb
from tests.faults.claim_history import Answer, Outcome

TO_LOOK_AGAIN = {str(DeskUnavailable()), str(OutcomeUnknown())}
OUTCOMES = {
    "urn:escalation-desk:desk-unavailable": Outcome.UNCHANGED,
    "urn:escalation-desk:outcome-unknown": Outcome.UNKNOWN,
    "urn:escalation-desk:already-claimed": Outcome.REFUSED,
    "urn:escalation-desk:already-completed": Outcome.REFUSED,
    "urn:escalation-desk:not-yours": Outcome.REFUSED,
}


@dataclass
class Api:
    """With a key of one's own; `tell` hears every answer, and `wrong` keeps what is no right one."""

    client: httpx.AsyncClient
    key: str
    tell: Callable[[Verb, Answer], None]
    wrong: list[str]

    async def ask(self, verb: Verb, case: int, what: str) -> Answer:
        try:
            answer = self._heard(verb, await self._send(verb, case, what))
        except httpx.TransportError as error:
            self.wrong.append(f"{verb}: {error!r}")
            answer = Answer(Outcome.UNKNOWN)
        self.tell(verb, answer)
        return answer

    async def _send(self, verb: Verb, case: int, what: str) -> httpx.Response:
        path, headers = f"/escalations/{case}", {"Authorization": f"Bearer {self.key}"}
        if verb is Verb.LOOK:
            return await self.client.get(path, headers=headers)
        body = None
        if verb is Verb.COMPLETE:
            body = {"what_happened": what, "action_taken": "Told them", "follow_up": ""}
        return await self.client.post(f"{path}/{verb}", json=body, headers=headers)

    def _heard(self, verb: Verb, response: httpx.Response) -> Answer:
        if response.status_code == 200:
            return _seen(verb, response.json())
        problem = self._problem(verb, response)
        outcome = OUTCOMES.get(problem.get("type", ""), Outcome.UNKNOWN)
        return Answer(outcome, problem.get("detail", ""))

    def _problem(self, verb: Verb, response: httpx.Response) -> dict[str, str]:
        """A no in a sentence; when the desk can't tell, it is a 503 that says to look or try again."""
        if response.headers["content-type"] == "application/problem+json":
            problem: dict[str, str] = response.json()
            expected = 409 if OUTCOMES.get(problem["type"]) is Outcome.REFUSED else 503
            is_told = expected == 409 or problem["detail"] in TO_LOOK_AGAIN
            if problem["type"] in OUTCOMES and response.status_code == expected and is_told:
                return problem
        self.wrong.append(f"{verb}: {response.status_code} {response.text}")
        return {}


def _seen(verb: Verb, case: dict[str, Any]) -> Answer:
    what = (case["resolution"] or {}).get("what_happened", "")
    owner = case["completed_by"] or case["claimed_by"] or ""
    facts = None
    if verb is Verb.LOOK:
        facts = sum(entry["kind"] in TOLD.values() for entry in case["timeline"])
    return Answer(Outcome.DONE, "", State(Status(case["status"]), owner, what), facts)
