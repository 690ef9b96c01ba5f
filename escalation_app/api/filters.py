"""The list's query: the same filters as the address bar's, but what is unknown is refused."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from escalation_app.domain.filters import SEARCH_LIMIT, QueueFilter
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import NAME_LIMIT, storable
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View

MOST_VALUES = 50
COMMA_LIST = "Several: with commas, or the parameter again."


def _split(values: object) -> object:
    """Comma lists and repeated parameters are the same."""
    if not isinstance(values, list):
        return values
    parts = (part.strip() for value in values for part in str(value).split(","))
    return [part for part in parts if part]


def _storable(text: str) -> str:
    try:
        return storable(text, "This")
    except InvalidInput as refusal:
        raise ValueError(str(refusal)) from None


NO_NUL: dict[str, JsonValue] = {"pattern": r"^[^\u0000]*$"}
Tag = Annotated[
    str, Field(max_length=NAME_LIMIT, json_schema_extra=NO_NUL), AfterValidator(_storable)
]
Statuses = Annotated[
    list[Status], BeforeValidator(_split), Field(max_length=MOST_VALUES, description=COMMA_LIST)
]
Urgencies = Annotated[
    list[Urgency], BeforeValidator(_split), Field(max_length=MOST_VALUES, description=COMMA_LIST)
]
Tags = Annotated[
    list[Tag], BeforeValidator(_split), Field(max_length=MOST_VALUES, description=COMMA_LIST)
]


class FilterQuery(BaseModel):
    """Values of one filter are alternatives; filters together must all hold."""

    model_config = ConfigDict(extra="forbid")

    queue: Queue = Queue.PUBLISHED
    view: View = Field(View.ALL, description="`mine` is what you have claimed.")
    status: Statuses = []
    urgency: Urgencies = []
    topic: Tags = []
    area: Tags = []
    q: Annotated[str, Field(max_length=SEARCH_LIMIT), AfterValidator(_storable)] = Field(
        "",
        description="Text in the reason, the end user's name or a message.",
        json_schema_extra=NO_NUL,
    )

    def as_filter(self) -> QueueFilter:
        return QueueFilter(
            view=self.view,
            statuses=frozenset(self.status),
            urgencies=frozenset(self.urgency),
            topics=frozenset(self.topic),
            areas=frozenset(self.area),
            search=self.q.strip(),
        )


class ListQuery(FilterQuery):
    limit: int = Field(50, ge=1, le=200)
    cursor: str = Field(
        "",
        max_length=1_000,
        description="`next_cursor` of the page before, with the same filters.",
        json_schema_extra={"pattern": "^[A-Za-z0-9_-]*$"},
    )


class ExportQuery(FilterQuery):
    format: Literal["csv", "jsonl"] = "csv"
