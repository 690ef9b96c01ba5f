"""How the API says no of its own accord, before a service is asked."""

from collections.abc import Iterable

from escalation_app.domain.refusals import Refusal

MOST_ERRORS = 50


class KeyMissing(Refusal):
    def __init__(self) -> None:
        super().__init__("Please send your API key: “Authorization: Bearer <key>”.")


class ForeignOrigin(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "A browser's session is accepted from the desk's own pages only. Please use an API key."
        )


class TooManyRequests(Refusal):
    def __init__(self, per_minute: int, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            f"More than {per_minute} requests in a minute. Please go on in {retry_after} s."
        )


class BodyTooLarge(Refusal):
    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than {limit // 1024} KiB.")


class NotJson(Refusal):
    def __init__(self, why: str) -> None:
        super().__init__(f"The body is not JSON: {why}.")


class BodyTooSlow(Refusal):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"The body did not arrive within {seconds:g} seconds.")


class WrongMediaType(Refusal):
    def __init__(
        self, wanted: str = "Please send JSON, with “Content-Type: application/json”."
    ) -> None:
        super().__init__(wanted)


class InvalidFields(Refusal):
    """Several fields at once, each with why."""

    def __init__(self, errors: Iterable[tuple[str, str]]) -> None:
        self.errors = tuple(errors)[:MOST_ERRORS]
        super().__init__(" ".join(told(field, reason) for field, reason in self.errors[:3]))


def told(field: str, reason: str) -> str:
    return f"{field}: {reason}"
