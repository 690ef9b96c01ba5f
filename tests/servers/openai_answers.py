"""What the fake model says when nothing is wrong: simple, sensible, computed from the request."""

import json
import re
from typing import Any

ANGER = re.compile(r"\b(angry|furious|unacceptable|ridiculous|worst|refund|marah|kecewa)\b", re.I)
CALM = re.compile(r"\b(not|tidak) (angry|marah)\b", re.I)
# A quotation would leave a summary in the language of the conversation.
COMPLAINS = {
    "Bahasa Indonesia": "Pelanggan mengeluh tentang pesanannya dan meminta bantuan secepatnya.",
    "Deutsch": "Der Kunde beschwert sich über seine Bestellung und bittet dringend um Hilfe.",
    "Español": "El cliente se queja de su pedido y pide ayuda lo antes posible.",
    "Français": "Le client se plaint de sa commande et demande de l'aide au plus vite.",
}


def answer_to(request: dict[str, Any]) -> str:
    """The answer to whatever of the three is asked."""
    task = request["messages"][0]["content"]
    if '"cites"' in task:
        return "\n".join(json.dumps(sentence) for sentence in summary(request))
    if '"trigger"' in task:
        return json.dumps(verdict(request))
    return "I am sorry about that. Could you tell me your order number, please?"


def verdict(request: dict[str, Any]) -> dict[str, Any]:
    """The first condition, if the user's latest message is angry; else none."""
    users = [line["text"] for line in transcript(request) if line["from"] == "user"]
    text = users[-1] if users else ""
    none = {"trigger": None, "urgency": "low", "topic": "", "area": "", "reason": ""}
    if not ANGER.search(text) or CALM.search(text):
        return none
    condition = conditions(request)[0]
    kept = {name: condition[name] for name in ("trigger", "urgency", "topic", "area")}
    return kept | {"reason": f"The user is upset: {text[:120]}"}


def conditions(request: dict[str, Any]) -> list[dict[str, Any]]:
    return json_lines(request["messages"][0]["content"].split("\nTopics: ")[0])


def first_condition(request: dict[str, Any]) -> str:
    return str(conditions(request)[0]["trigger"])


def summary(request: dict[str, Any]) -> list[dict[str, Any]]:
    """A sentence for each of the user's last four messages, citing it."""
    asked = re.search(r'in this language: "([^"]*)"', request["messages"][0]["content"])
    complains = COMPLAINS.get(asked[1] if asked else "")
    said = [line for line in transcript(request) if line["from"] == "user"][-4:]
    return [
        {
            "text": complains or f"The customer writes: {one['text'][:120]}",
            "cites": [one["number"]],
        }
        for one in said
    ]


def transcript(request: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages between the marks that the request itself names."""
    system, user = (message["content"] for message in request["messages"])
    mark = re.search(r"<(transcript-[0-9a-f]+)>", system)
    if mark is None:
        return []
    inside = user.split(f"<{mark[1]}>\n", 1)[1].rsplit(f"</{mark[1]}>", 1)[0]
    return json_lines(inside)


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n") if line.startswith('{"')]
