"""What is read of a request's body: so much and no more, JSON, and text that can be kept."""

import asyncio
import contextlib
import json
import math
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from email.message import Message
from typing import Any, NoReturn

from fastapi import Request

from escalation_app.api.refusals import (
    BodyTooLarge,
    BodyTooSlow,
    InvalidFields,
    NotJson,
    WrongMediaType,
)
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import storable, without_unstorable

LARGEST_BODY = 256 * 1024
BODY_SECONDS = 10.0
DEEPEST = 32


class StrictRequest(Request):
    """A request whose body is read whole only when it is small enough, and judged before use."""

    async def body(self) -> bytes:
        """Raises BodyTooLarge, BodyTooSlow; what is over is not read."""
        if not hasattr(self, "_read"):
            self._read = await self._small_enough()
        return self._read

    async def json(self) -> Any:
        """Raises BodyTooLarge, BodyTooSlow, WrongMediaType, NotJson, InvalidFields."""
        if not hasattr(self, "_parsed"):
            self._must_be_plain_json()
            self._parsed = parse(await self.body())
        return self._parsed

    async def must_be_empty(self) -> None:
        """Raises InvalidFields, BodyTooSlow; nothing is read of what is not announced."""
        is_announced = "transfer-encoding" in self.headers or self.headers.get(
            "content-length", "0"
        ).strip("0")
        if not is_announced:
            return
        async with _in_time():
            async for chunk in self.stream():
                if chunk:
                    raise InvalidFields([("body", "No body is taken here.")])

    def _must_be_plain_json(self) -> None:
        told = Message()
        told["content-type"] = self.headers.get("content-type", "")
        media_type = told.get_content_type()
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise WrongMediaType
        if (told.get_content_charset() or "utf-8") not in ("utf-8", "utf8"):
            raise WrongMediaType("Please send JSON in UTF-8.")
        if self.headers.get("content-encoding", "identity").strip().casefold() != "identity":
            raise WrongMediaType("Please send the body as it is, without “Content-Encoding”.")

    async def _small_enough(self) -> bytes:
        announced = self.headers.get("content-length", "")
        if announced.isdecimal() and (len(announced) > 9 or int(announced) > LARGEST_BODY):
            raise BodyTooLarge(LARGEST_BODY)
        body = bytearray()
        async with _in_time():
            async for chunk in self.stream():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise BodyTooLarge(LARGEST_BODY)
        return bytes(body)


@contextlib.asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    """Raises BodyTooSlow for what comes drop by drop."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            yield
    except TimeoutError:
        raise BodyTooSlow(BODY_SECONDS) from None


def parse(body: bytes) -> Any:
    """The JSON value.

    Raises:
        NotJson: It can't be read, or not in one way only: an object has a key twice.
        InvalidFields: It can be read but not kept: NUL, half characters, endless numbers.
    """
    try:
        value = json.loads(
            body.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_each_once
        )
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


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = next(
            name for name, count in Counter(name for name, _ in pairs).items() if count > 1
        )
        raise NotJson(f"“{without_unstorable(twice)[:200]}” stands twice in one object")
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
