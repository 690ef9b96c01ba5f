"""Which cases a search finds: by trigrams of their documents, each candidate looked at again."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from escalation_app.db.dialect import is_sqlite
from escalation_app.db.narrowing import LISTS, CaseList, behind, in_order, place
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.position import Position
from escalation_app.domain.search import Search
from escalation_app.domain.vocabulary import Status

# A search that finds more is common: its list is walked in order until the page is full.
MOST_FOUND = 20_000
# Words without a trigram (two letters; an emoji) are looked for in the newest cases only.
SHORT_REACH = 10_000
# PostgreSQL makes trigrams of letters and digits, and counts what surrounds a word as a space.
_TRIGRAM = re.compile(r"[^\W_]{3}|[\W_][^\W_]{2}|[^\W_]{2}[\W_]")
_GLOB_WILDCARDS = frozenset("*?[")
# Of several words those are looked up that no more than so many of the newest cases have.
SAMPLE = 500
TELLING = 0.05
LETTERS_LOOKED_UP = 32
_NARROWED_BY = (
    *("id", "queue", "status", "urgency", "topic", "area"),
    *("claimed_by_id", "created_at", "completed_at"),
)


@dataclass(frozen=True, slots=True)
class Test:
    """Whether a search finds the case `escalation` of a statement: SQL and its parameters."""

    sql: str
    parameters: dict[str, Any]


def test(session: AsyncSession, search: Search, *, newest_only: bool) -> Test:
    """With `newest_only`, words without a trigram are found where `ids` would look for them."""
    occurring, parameters = _occurring(session, search)
    # Not EXISTS, which PostgreSQL would turn into a join with all documents.
    sql = (
        f"(SELECT {' AND '.join(occurring)} FROM search_document AS document"
        " WHERE document.escalation_id = escalation.id)"
    )
    if newest_only and not has_trigram(session, search):
        sql = f"(escalation.id > {_newest()} AND {sql})"
    if search.case_id is None:
        return Test(sql, parameters)
    return Test(f"({sql} OR escalation.id = :case_id)", parameters | {"case_id": search.case_id})


class Found(NamedTuple):
    """Cases that a search finds, in any scope."""

    ids: list[int]
    are_all: bool


async def ids(session: AsyncSession, search: Search, most: int = MOST_FOUND) -> Found:
    """The cases that a search finds, or the first `most` that the index gives."""
    if not is_sqlite(session):
        # How much a search finds depends on its words: a plan made for any words would be bad.
        await session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    telling = await _telling(session, search)
    source, sql, parameters = _looked_up(session, search, telling)
    query = text(f"SELECT document.escalation_id FROM {source} WHERE {sql} LIMIT {most + 1}")
    found = list((await session.execute(query, parameters)).scalars().all())
    are_all = len(found) <= most
    return Found(found if search.case_id is None else [*found, search.case_id], are_all)


def is_lazy(session: AsyncSession) -> bool:
    """Whether the index gives its first cases before it knows them all."""
    return is_sqlite(session)


async def first_ids(
    session: AsyncSession, cases: CaseList, found: list[int], limit: int, after: Position | None
) -> Sequence[int]:
    """The first `limit` cases of a list that are among those found, after a place if one is given."""
    query = _first_among(cases, is_sqlite(session), after is not None)
    given = _given(session, found) | place(after) | {"most": limit}
    return (await session.execute(query, given)).scalars().all()


async def by_status(session: AsyncSession, cases: CaseList, found: list[int]) -> dict[Status, int]:
    """How many of a list's cases are among those found."""
    query = _by_status_among(cases, is_sqlite(session))
    counted = await session.execute(query, _given(session, found))
    return {status: int(n) for status, n in counted.all()}


@lru_cache(maxsize=LISTS)
def _first_among(cases: CaseList, is_sqlite: bool, is_behind: bool) -> Select[Any]:
    found = _among(is_sqlite)
    query = select(col(found.id)).where(*cases.conditions(found))
    if is_behind:
        query = query.where(behind(cases.view, found))
    return query.order_by(*in_order(cases.view, found)).limit(bindparam("most", type_=Integer()))


@lru_cache(maxsize=LISTS)
def _by_status_among(cases: CaseList, is_sqlite: bool) -> Select[Status, int]:
    found = _among(is_sqlite)
    query = select(col(found.status), func.count()).where(*cases.conditions(found))
    return query.group_by(col(found.status))


def _among(is_sqlite: bool) -> type[Escalation]:
    """The cases that were found, to be narrowed further: read by their numbers, and by them alone.

    However many they are, they are one parameter.
    """
    numbers = (
        "escalation.id IN (SELECT value FROM json_each(:found))"
        if is_sqlite
        else "escalation.id = ANY(CAST(:found AS integer[]))"
    )
    columns = (getattr(Escalation, name) for name in _NARROWED_BY)
    cases = select(*columns).where(text(numbers)).cte("found").prefix_with("MATERIALIZED")
    selection: Any = aliased(Escalation, cases, adapt_on_names=True)
    return selection


def _given(session: AsyncSession, found: list[int]) -> dict[str, Any]:
    return {"found": json.dumps(found) if is_sqlite(session) else found}


async def _telling(session: AsyncSession, search: Search) -> Sequence[str]:
    """The words to look up: going through all cases that have the others would narrow little."""
    words = [word for word in search.words if _has_trigram(session, word)]
    if len(search.words) == 1:
        return words
    occurring, parameters = _occurring(session, search)
    some = f"(SELECT text FROM search_document ORDER BY escalation_id DESC LIMIT {SAMPLE})"
    query = f"SELECT {', '.join(f'count(CASE WHEN {one} THEN 1 END)' for one in occurring)}"
    counted = (await session.execute(text(f"{query} FROM {some} AS document"), parameters)).one()
    often = dict(zip(search.words, counted, strict=True))
    return [word for word in words if often[word] <= SAMPLE * TELLING] or words


def _looked_up(
    session: AsyncSession, search: Search, telling: Sequence[str]
) -> tuple[str, str, dict[str, Any]]:
    """FROM, WHERE and parameters of the documents that a search finds."""
    source = "search_document AS document"
    occurring, words = _occurring(session, search)
    sql = " AND ".join(occurring)
    if not telling:
        return source, f"document.escalation_id > {_newest()} AND {sql}", words
    if is_sqlite(session):
        # CROSS JOIN: in this order.
        source = f"search_index CROSS JOIN {source} ON document.escalation_id = search_index.rowid"
        sql = f"search_index MATCH :trigrams AND {sql}"
        return source, sql, words | {"trigrams": _trigrams(telling)}
    patterns = {f"pattern{n}": f"%{_literal(word)}%" for n, word in enumerate(telling)}
    alike = " AND ".join(f"document.text LIKE :{name}" for name in patterns)
    others = [one for one, word in zip(occurring, search.words, strict=True) if word not in telling]
    unlike = {name: word for name, word in words.items() if word not in telling}
    return source, " AND ".join((alike, *others)), patterns | unlike


def _newest() -> str:
    """The case that is older than all that words without a trigram are looked for in."""
    return f"(SELECT max(escalation_id) - {SHORT_REACH} FROM search_document)"


def has_trigram(session: AsyncSession, search: Search) -> bool:
    """Whether all cases are searched; otherwise the newest alone."""
    return any(_has_trigram(session, word) for word in search.words)


def _has_trigram(session: AsyncSession, word: str) -> bool:
    return len(word) >= 3 if is_sqlite(session) else bool(_TRIGRAM.search(word))


def _occurring(session: AsyncSession, search: Search) -> tuple[list[str], dict[str, str]]:
    """The conditions that each word occurs in `document`, once one has it."""
    conditions, parameters = [], {}
    for n, word in enumerate(search.words):
        name = f"word{n}"
        if not is_sqlite(session):
            conditions.append(f"strpos(document.text, :{name}) > 0")
        elif _GLOB_WILDCARDS.isdisjoint(word):
            # It skips to the word's first letter, where instr goes letter by letter.
            conditions.append(f"document.text GLOB :{name}")
            word = f"*{word}*"
        else:
            conditions.append(f"instr(document.text, :{name}) > 0")
        parameters[name] = word
    return conditions, parameters


def _literal(word: str) -> str:
    """The word within LIKE, whose wildcards then mean themselves."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _trigrams(words: Sequence[str]) -> str:
    """What FTS5 must find: trigrams that cover each word, as quoted terms.

    Those between them would tell little more, and each is another list to go through.
    """
    trigrams = dict.fromkeys(
        word[at : at + 3]
        for word in words
        for at in (*range(0, min(len(word) - 2, LETTERS_LOOKED_UP), 3), len(word) - 3)
    )
    return " AND ".join('"{}"'.format(trigram.replace('"', '""')) for trigram in trigrams)
