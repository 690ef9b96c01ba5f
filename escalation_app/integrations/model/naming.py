"""A name for whatever went wrong between the desk and the model."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from escalation_app.domain.model_failures import ModelFailed, ModelFailure


class SchemaRejected(Exception):
    """The endpoint knows no structured output, or not this one."""


def must_be_good(status: int, *, has_schema: bool) -> None:
    """Raises SchemaRejected or ModelFailed for any status but 200."""
    if status == 200:
        return
    if has_schema and status in {400, 422}:
        raise SchemaRejected
    if status == 429:
        kind = ModelFailure.BUSY
    elif status >= 500:
        kind = ModelFailure.BROKEN
    elif status >= 400:
        kind = ModelFailure.REFUSED
    else:
        kind = ModelFailure.UNUSABLE
    raise ModelFailed(kind, f"it answered with status {status}")


@contextmanager
def named_failures() -> Iterator[None]:
    """What the network does, in the desk's words. Causes are dropped: they can hold the address."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise ModelFailed(ModelFailure.UNREACHABLE) from None
    except (TimeoutError, httpx.TimeoutException):
        raise ModelFailed(ModelFailure.TIMED_OUT) from None
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL):
        raise ModelFailed(ModelFailure.UNREACHABLE, "its address or key is malformed") from None
    except ExceptionGroup:
        # How anyio reports an address that can't exist, such as port 99999.
        raise ModelFailed(ModelFailure.UNREACHABLE, "its address is malformed") from None
    except httpx.TransportError:
        raise ModelFailed(ModelFailure.CUT_OFF) from None
