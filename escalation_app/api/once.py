"""The key of a request that may be sent again."""

from typing import Annotated

from fastapi import Header

from escalation_app.domain.idempotency import KEY_LIMIT

Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The same key with the same body does it once and tells the same, for 24 hours.",
        min_length=1,
        max_length=KEY_LIMIT,
        pattern="^[!-~]+$",
        examples=["0b7e1a52-5b7f-4a0e-9a55-6d9a7f1f2f5d"],
    ),
]
