"""Every path of the desk, and the functions that build its URLs."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

LOGIN = "/login"
SIGN_IN = "/auth/sign-in"
SIGN_OUT = "/auth/sign-out"
QUEUE_PUBLISHED = "/queue/published"
QUEUE_PREVIEW = "/queue/preview"
SETTINGS = "/settings"
CONVERSATION = "/conversation"
KEYS = "/keys"
API_DOCS = "/api/docs"
HEALTHZ = "/healthz"
READYZ = "/readyz"
METRICS = "/metrics"

GUARDED = (QUEUE_PUBLISHED, QUEUE_PREVIEW, SETTINGS, CONVERSATION, KEYS)
PAGES = (LOGIN, *GUARDED)


def queue(name: str, query: Mapping[str, Sequence[str]] | None = None) -> str:
    """The workspace of a queue; lists become comma lists, empty ones are left out."""
    path = f"/queue/{name}"
    pairs = [(key, ",".join(values)) for key, values in (query or {}).items() if values]
    return f"{path}?{urlencode(pairs, safe=',')}" if pairs else path


def conversation(queue_name: str, conversation_id: int = 0) -> str:
    """A test conversation; without a number the page where one is started."""
    path = f"{CONVERSATION}?queue={queue_name}"
    return f"{path}&id={conversation_id}" if conversation_id else path


def login(next_path: str = "", error: str = "") -> str:
    pairs = [(key, value) for key, value in (("error", error), ("next", next_path)) if value]
    return f"{LOGIN}?{urlencode(pairs)}" if pairs else LOGIN


def own_path(candidate: str) -> str | None:
    """The candidate if it is a path of this desk, else None: nobody is sent to a stranger's site."""
    if not candidate.startswith("/") or candidate.startswith(("//", "/\\")) or "\\" in candidate:
        return None
    if any(ord(character) < 0x20 for character in candidate):
        return None
    try:
        parts = urlsplit(candidate)
    except ValueError:
        return None
    return candidate if not parts.netloc and parts.path.rstrip("/") in GUARDED else None
