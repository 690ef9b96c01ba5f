"""Bodies that the documentation shows, and that are taken as they stand."""

from typing import Any

ESCALATION: dict[str, Any] = {
    "queue": "published",
    "reason": "Dana was charged twice, is angry, and asks for her money back today.",
    "trigger": "Angry customer",
    "urgency": "critical",
    "topic": "Billing",
    "area": "Payment",
    "conversation": {
        "external_id": "chat-20417",
        "profile": {"name": "Dana Miller", "plan": "Gold"},
        "messages": [
            {"role": "user", "text": "You charged me twice!", "sent_at": "2026-11-24T09:30:00Z"},
            {"role": "agent", "text": "I am sorry. May I have the order's number?"},
            {"role": "user", "text": "I have told you three times. I want a refund NOW."},
        ],
    },
}
DRAFT: dict[str, Any] = {
    "revision": 1,
    "draft": {
        "enabled": True,
        "conditions": [
            {
                "label": "Angry customer",
                "description": "User is angry and asks for an urgent refund",
                "urgency": "critical",
                "topic": "Billing",
                "area": "Payment",
            }
        ],
        "response": "I have asked a colleague to take over.",
        "language": "en",
        "targets": {"critical": 15, "high": 60, "medium": 240, "low": 1440},
        "supervisors": [
            {"username": "maria", "topics": None, "areas": None},
            {"username": "omar", "topics": ["Billing"], "areas": ["Payment"]},
        ],
        "topics": ["Billing", "Refund"],
        "areas": ["Delivery", "Payment"],
        "webhook": {"enabled": False, "url": ""},
    },
}
