"""As much of a receiver's answer as the log of deliveries shows."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from escalation_app.domain.delivery_outcome import FIRST_LINE_LIMIT
from escalation_app.domain.retry_after import wait_asked_for

READ_LIMIT = 64 * 1024


@dataclass(slots=True)
class Answer:
    """It fills as it comes, so that what came before the deadline counts."""

    status: int | None = None
    retry_after: timedelta | None = None
    is_text: bool = True
    start: bytearray = field(default_factory=bytearray)

    async def read(self, response: httpx.Response) -> None:
        """Take the status at once, then the body's start as it is: nothing is decompressed."""
        self.status = response.status_code
        self.retry_after = wait_asked_for(
            response.headers.get("retry-after", ""), datetime.now(UTC)
        )
        encoding = response.headers.get("content-encoding", "identity")
        self.is_text = encoding.strip().lower() in ("", "identity")
        async for part in response.aiter_raw():
            self.start += part[: READ_LIMIT - len(self.start)]
            if len(self.start) >= READ_LIMIT:
                return

    @property
    def first_line(self) -> str:
        """The first line that says something, in characters that can be shown."""
        if not self.is_text:
            return ""
        lines = self.start.decode(errors="replace").strip().splitlines()
        shown = "".join(character for character in "".join(lines[:1]) if character.isprintable())
        return shown[:FIRST_LINE_LIMIT].strip()
