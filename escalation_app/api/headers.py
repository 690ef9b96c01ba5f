"""What every answer tells the browser not to do, whatever has answered."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from escalation_app.api import content_policy

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Server": "desk",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "publickey-credentials-get",
            "serial",
            "usb",
            "xr-spatial-tracking",
        )
    ),
}
ON_HTTPS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
# A name with a hash in it: what is there never changes.
LASTING, FOR_EVER = "/assets/", "public, max-age=31536000, immutable"
# Text that the framework sends without saying how it is written.
WITHOUT_CHARSET = ("text/plain", "image/svg+xml")
ANSWERS = ("http.response.start", "websocket.http.response.start", "websocket.accept")


class SafeHeaders:
    """ASGI middleware around all others; an answer's own headers win."""

    def __init__(self, app: ASGIApp, *, policy_of_pages: str, is_https: bool) -> None:
        self._app = app
        self._policy_of_pages = policy_of_pages
        self._always = ALWAYS | (ON_HTTPS if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ANSWERS:
                raw = message.get("headers", ())
                message["headers"] = [(name.lower(), value) for name, value in raw]
                headers = MutableHeaders(scope=message)
                own = self._of(headers, scope["path"], message.get("status", 0))
                if headers.get("content-type") in WITHOUT_CHARSET:
                    headers["content-type"] += "; charset=utf-8"
                for name, value in (self._always | own).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _of(self, headers: MutableHeaders, path: str, status: int) -> dict[str, str]:
        """What depends on the answer: a page runs our scripts, a file may be kept."""
        is_page = headers.get("content-type", "").startswith("text/html")
        policy = self._policy_of_pages if is_page else content_policy.NOTHING
        return {content_policy.HEADER: policy, "Cache-Control": _kept(headers, path, status)}


def _kept(headers: MutableHeaders, path: str, status: int) -> str:
    """How long a browser may keep it. Files have a tag; what people are told has none."""
    is_page = headers.get("content-type", "").startswith("text/html")
    if is_page or status >= 400 or "etag" not in headers:
        return "no-store"
    return FOR_EVER if path.startswith(LASTING) else "no-cache"
