"""A small support agent that brings a real conversation to the desk, message by message.

    python examples/agent.py [--address http://127.0.0.1:PORT] [--key demo-agent] [--queue published]

It passes on what the end user says, stops when the desk has opened a case, and prints what comes
back. With --escalate it decides by itself and sends the conversation and its case in one request.
"""

import argparse
import json
import os
import random
import sys
import uuid
from pathlib import Path

import httpx

CONVERSATIONS = Path(__file__).parent.parent / "escalation_app/demo/conversations.jsonl"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--address", default=f"http://127.0.0.1:{os.getenv('PORT', '3000')}")
    options.add_argument("--key", default="demo-agent")
    options.add_argument("--queue", default="published", choices=["published", "preview"])
    options.add_argument("--escalate", action="store_true", help="don't let the desk decide")
    chosen = options.parse_args()
    recorded = random.choice(CONVERSATIONS.read_text(encoding="utf-8").splitlines())
    with httpx.Client(
        base_url=f"{chosen.address}/api/v1",
        headers={"Authorization": f"Bearer {chosen.key}"},
        timeout=60,
    ) as desk:
        bring = escalate if chosen.escalate else converse
        try:
            bring(desk, chosen.queue, json.loads(recorded))
        except httpx.TransportError as error:
            sys.exit(f"No desk answers at {chosen.address}: {error}")


def converse(desk: httpx.Client, queue: str, talk: dict) -> None:
    """Send message by message and let the desk decide."""
    new = {"queue": queue, "external_id": f"example-{uuid.uuid4()}", "profile": talk["profile"]}
    conversation = told(desk.post("/conversations", json=new))
    for message in talk["messages"]:
        print(f"{message['role']:>6}: {message['text']}")
        heard = told(desk.post(f"/conversations/{conversation['id']}/messages", json=message))
        if heard["reply"]:
            print(f" agent: {heard['reply']}")
        if heard["escalation"]:
            print_case(heard["escalation"])
            return
    print("The desk saw no reason to escalate.")


def escalate(desk: httpx.Client, queue: str, talk: dict) -> None:
    """Send everything at once; the key makes it safe to send it again."""
    new = {"queue": queue, "urgency": "high", "topic": talk["topic"], "area": talk["area"]}
    new |= {"reason": f"The user said: “{talk['quote']}”", "trigger": "Agent can't find a solution"}
    parts = {"profile": talk["profile"], "messages": talk["messages"]}
    new["conversation"] = {"external_id": f"example-{uuid.uuid4()}", **parts}
    once = {"Idempotency-Key": str(uuid.uuid4())}
    print_case(told(desk.post("/escalations", json=new, headers=once)))


def told(answer: httpx.Response) -> dict:
    """The answer, or the desk's own sentence about why there is none."""
    if answer.is_error:
        sys.exit(f"{answer.status_code}: {answer.json()['detail']}")
    return answer.json()


def print_case(case: dict) -> None:
    print(f"Case #{case['id']}: {case['urgency']}, {case['topic']}, {case['area']}")
    print(f"  {case['trigger']}: {case['reason']}")


if __name__ == "__main__":
    main()
