"""What is read of a request's body: so much and no more, JSON, and text that can be kept."""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from fastapi import Request

from escalation_app.api.refusals import BodyTooLarge, InvalidFields, NotJson, WrongMediaType
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import storable, without_unstorable

LARGEST_BODY = 256 * 1024
DEEPEST = 32


class StrictRequest(Request):
    """A request whose body is read whole only when it is small enough, and judged before use."""

    async def body(self) -> bytes:
        """Raises BodyTooLarge; what is over is not read."""
        if not hasattr(self, "_read"):
            self._read = await self._small_enough()
        return self._read

    async def json(self) -> Any:
        """Raises BodyTooLarge, WrongMediaType, NotJson, InvalidFields."""
        if not hasattr(self, "_parsed"):
            media_type = self.headers.get("content-type", "").partition(";")[0].strip().casefold()
            if media_type != "application/json" and not media_type.endswith("+json"):
                raise WrongMediaType
            self._parsed = parse(await self.body())
        return self._parsed

    async def _small_enough(self) -> bytes:
        announced = self.headers.get("content-length", "")
        if announced.isdecimal() and (len(announced) > 9 or int(announced) > LARGEST_BODY):
            raise BodyTooLarge(LARGEST_BODY)
        body = bytearray()
        async for chunk in self.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise BodyTooLarge(LARGEST_BODY)
        return bytes(body)


def parse(body: bytes) -> Any:
    """The JSON value.

    Raises:
        NotJson: It can't be read.
        InvalidFields: It can be read but not kept: NUL, half characters, endless numbers.
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise NotJson("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"{error.msg} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    except ValueError:
        raise NotJson("a number in it has too many digits") from None
    problems = list(_problems(value, "", 0))
    if problems:
        raise InvalidFields(problems)
    return value


def _no_number(name: str) -> NoReturn:
    raise NotJson(f"{name} is no number there")


def _problems(value: Any, field: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        yield field, f"This is nested more than {DEEPEST} levels deep."
        return
    match value:
        case str():
            yield from _unstorable(value, field)
        case float() if not math.isfinite(value):
            yield field, "This number is too large."
        case list():
            for number, item in enumerate(value):
                yield from _problems(item, f"{field}.{number}".lstrip("."), depth + 1)
        case dict():
            for name, item in value.items():
                inner = f"{field}.{without_unstorable(name)}".lstrip(".")[:200]
                yield from _unstorable(name, inner)
                yield from _problems(item, inner, depth + 1)


def _unstorable(text: str, field: str) -> Iterator[tuple[str, str]]:
    try:
        storable(text, "This")
    except InvalidInput as refusal:
        yield field, str(refusal)
