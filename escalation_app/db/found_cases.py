"""Which cases a search finds: by trigrams of their documents, each candidate looked at again."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import queue_counts
from escalation_app.db.dialect import is_sqlite
from escalation_app.db.narrowing import narrowed, within
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope
from escalation_app.domain.search import Search
from escalation_app.domain.snapshots import MOST_COUNTED
from escalation_app.domain.vocabulary import Queue, Status

# A search that finds more is common: its list is walked in order until the page is full.
MOST_FOUND = 5_000
# Words under three characters have no trigram; they are looked for in the newest cases only.
SHORT_REACH = 10_000
# So many documents are looked at rather than what the search finds elsewhere.
FEW_CASES = 20_000
TRIGRAMS_OF_A_WORD = 32


@dataclass(frozen=True, slots=True)
class Test:
    """Whether a search finds the case `escalation` of a statement: SQL and its parameters."""

    sql: str
    parameters: dict[str, Any]

    @property
    def clause(self) -> ColumnElement[bool]:
        clause: Any = text(self.sql).bindparams(**self.parameters)
        return clause


def test(session: AsyncSession, search: Search) -> Test:
    # Not EXISTS, which PostgreSQL would turn into a join with all documents.
    sql, parameters = _occurring(session, search)
    sql = (
        f"(SELECT {sql} FROM search_document AS document"
        " WHERE document.escalation_id = escalation.id)"
    )
    if search.case_id is None:
        return Test(sql, parameters)
    return Test(f"({sql} OR escalation.id = :case_id)", parameters | {"case_id": search.case_id})


async def ids(session: AsyncSession, search: Search) -> list[int] | None:
    """The cases that a search finds, in any scope; None when they are more than MOST_FOUND."""
    source, sql, parameters = _looked_up(session, search)
    most = SHORT_REACH if search.is_short else MOST_FOUND
    query = text(f"SELECT document.escalation_id FROM {source} WHERE {sql} LIMIT {most + 1}")
    found = list((await session.execute(query, parameters)).scalars().all())
    if len(found) > most:
        return None
    return found if search.case_id is None else [*found, search.case_id]


async def first_ids(
    session: AsyncSession, listed: Select[Any], order: tuple[Any, ...], found: list[int], limit: int
) -> list[int]:
    """The first of the cases that were found, of those that are listed."""
    query = listed.with_only_columns(
        col(Escalation.id), func.row_number().over(order_by=order).label("place")
    )
    cases = query.where(_among(session, found)).cte("found").prefix_with("MATERIALIZED")
    first = select(cases.c.id).order_by(cases.c.place).limit(limit)
    return list((await session.execute(first)).scalars().all())


async def by_status(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter
) -> dict[Status, int]:
    """How many are found in each status, and no further than MOST_COUNTED when they are many."""
    search = Search.of(chosen.search)
    listed = (within(scope, queue), *narrowed(chosen))
    found = await ids(session, search)
    if found is not None:
        query = select(col(Escalation.status), func.count().label("n")).group_by(
            col(Escalation.status)
        )
        counted = await session.execute(query.where(*listed, _among(session, found)))
        return {row.status: row.n for row in counted.all()}
    held = await queue_counts.by_status(session, scope, queue, chosen)
    return {
        status: await _count(session, search, (*listed, col(Escalation.status) == status), n)
        for status, n in held.items()
    }


async def _count(
    session: AsyncSession, search: Search, listed: tuple[ColumnElement[bool], ...], held: int
) -> int:
    query = select(col(Escalation.id)).where(*listed).limit(MOST_COUNTED)
    if held <= FEW_CASES:
        query = query.where(test(session, search).clause)
    else:
        source, sql, parameters = _looked_up(session, search)
        joined = text(f"document.escalation_id = escalation.id AND {sql}")
        query = query.select_from(text(source)).where(joined.bindparams(**parameters))
    counted = select(func.count()).select_from(query.subquery())
    return int((await session.execute(counted)).scalar_one())


def _looked_up(session: AsyncSession, search: Search) -> tuple[str, str, dict[str, Any]]:
    """FROM, WHERE and parameters of the documents that a search finds."""
    sql, parameters = _occurring(session, search)
    source = "search_document AS document"
    if search.is_short:
        newest = "(SELECT max(escalation_id) FROM search_document)"
        return source, f"document.escalation_id > {newest} - {SHORT_REACH} AND {sql}", parameters
    if not is_sqlite(session):
        return source, sql, parameters
    # CROSS JOIN: in this order.
    source = f"search_index CROSS JOIN {source} ON document.escalation_id = search_index.rowid"
    return (
        source,
        f"search_index MATCH :trigrams AND {sql}",
        parameters | {"trigrams": _trigrams(search)},
    )


def _occurring(session: AsyncSession, search: Search) -> tuple[str, dict[str, Any]]:
    """The condition that all words occur in `document`."""
    if is_sqlite(session):
        clause, words = "instr(document.text, :word{}) > 0", search.words
    else:
        clause, words = "document.text LIKE :word{}", tuple(map(_pattern, search.words))
    sql = " AND ".join(clause.format(n) for n in range(len(words)))
    return sql, {f"word{n}": word for n, word in enumerate(words)}


def _pattern(word: str) -> str:
    """Anything with the word in it; LIKE's own wildcards mean themselves."""
    return "%" + word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"


def _trigrams(search: Search) -> str:
    """What FTS5 must find: each trigram as a quoted term."""
    trigrams = dict.fromkeys(
        word[at : at + 3]
        for word in search.words
        for at in range(min(len(word) - 2, TRIGRAMS_OF_A_WORD))
    )
    return " AND ".join('"{}"'.format(trigram.replace('"', '""')) for trigram in trigrams)


def _among(session: AsyncSession, found: list[int]) -> ColumnElement[bool]:
    """As one parameter, however many they are."""
    if is_sqlite(session):
        clause: Any = text("escalation.id IN (SELECT value FROM json_each(:found))")
        return clause.bindparams(found=json.dumps(found))
    clause = text("escalation.id = ANY(CAST(:found AS integer[]))")
    return clause.bindparams(found=found)
