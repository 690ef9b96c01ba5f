"""Which cases a search finds: by trigrams of their documents, each candidate looked at again."""

import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, column, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from escalation_app.db import queue_counts
from escalation_app.db.dialect import is_sqlite
from escalation_app.db.narrowing import in_view, narrowed, within
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope
from escalation_app.domain.search import Search
from escalation_app.domain.snapshots import MOST_COUNTED, QueueCounts
from escalation_app.domain.vocabulary import Queue, View

# A search that finds more is common: its list is walked in order until the page is full.
MOST_FOUND = 5_000
# No count goes beyond a hundred, so of what is found more often each view is counted by itself.
MOST_FOUND_TO_COUNT = 1_000
# Words without a trigram (two letters; an emoji) are looked for in the newest cases only.
SHORT_REACH = 10_000
# PostgreSQL makes trigrams of letters and digits, and counts what surrounds a word as a space.
_TRIGRAM = re.compile(r"[^\W_]{3}|[\W_][^\W_]{2}|[^\W_]{2}[\W_]")
# So many documents are looked at rather than what the search finds elsewhere.
FEW_CASES = 20_000
TRIGRAMS_OF_A_WORD = 32
_NARROWED_BY = (
    *("id", "queue", "status", "urgency", "topic", "area"),
    *("claimed_by_id", "created_at", "completed_at"),
)


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
    sql, parameters = _occurring(session, search)
    # Not EXISTS, which PostgreSQL would turn into a join with all documents.
    sql = (
        f"(SELECT {sql} FROM search_document AS document"
        " WHERE document.escalation_id = escalation.id)"
    )
    if search.case_id is None:
        return Test(sql, parameters)
    return Test(f"({sql} OR escalation.id = :case_id)", parameters | {"case_id": search.case_id})


async def ids(
    session: AsyncSession, search: Search, most_found: int = MOST_FOUND
) -> list[int] | None:
    """The cases that a search finds, in any scope; None when they are more than `most_found`."""
    if not is_sqlite(session):
        # How much a search finds depends on its words: a plan made for any words would be bad.
        await session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    source, sql, parameters = _looked_up(session, search)
    most = most_found if has_trigram(session, search) else SHORT_REACH
    query = text(f"SELECT document.escalation_id FROM {source} WHERE {sql} LIMIT {most + 1}")
    found = list((await session.execute(query, parameters)).scalars().all())
    if len(found) > most:
        return None
    return found if search.case_id is None else [*found, search.case_id]


def among(session: AsyncSession, found: list[int]) -> type[Escalation]:
    """The cases that were found, to be narrowed further: read by their numbers, and by them alone.

    However many they are, they are one parameter.
    """
    if is_sqlite(session):
        given = text("escalation.id IN (SELECT value FROM json_each(:found))")
        given = given.bindparams(found=json.dumps(found))
    else:
        given = text("escalation.id = ANY(CAST(:found AS integer[]))").bindparams(found=found)
    columns = (getattr(Escalation, name) for name in _NARROWED_BY)
    cases = select(*columns).where(given).cte("found").prefix_with("MATERIALIZED")
    selection: Any = aliased(Escalation, cases, adapt_on_names=True)
    return selection


async def counts(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter
) -> QueueCounts:
    """How many are found in each view; no count goes beyond MOST_COUNTED."""
    search = Search.of(chosen.search)
    found = await ids(session, search, MOST_FOUND_TO_COUNT)
    if found is not None:
        cases = among(session, found)
        query = select(col(cases.status), func.count()).group_by(col(cases.status))
        query = query.where(within(scope, queue, cases), *narrowed(chosen, cases))
        by_status = {row[0]: row[1] for row in (await session.execute(query)).all()}
        return QueueCounts.of(by_status).up_to(MOST_COUNTED)
    held = QueueCounts.of(await queue_counts.by_status(session, scope, queue, chosen))
    listed = (within(scope, queue), *narrowed(chosen))

    async def count(view: View, among_so_many: int) -> int:
        return await _count(session, search, (*listed, *in_view(view, 0)), among_so_many)

    return QueueCounts(
        waiting=await count(View.WAITING, held.waiting),
        all=await count(View.ALL, held.all),
        completed=await count(View.COMPLETED, held.completed),
    )


async def _count(
    session: AsyncSession, search: Search, listed: tuple[ColumnElement[bool], ...], held: int
) -> int:
    query = select(col(Escalation.id)).where(*listed).limit(MOST_COUNTED)
    if held <= FEW_CASES:
        query = query.where(test(session, search).clause)
    else:
        source, sql, parameters = _looked_up(session, search)
        documents = text(f"SELECT document.escalation_id FROM {source} WHERE {sql}")
        found = documents.bindparams(**parameters).columns(column("escalation_id", Integer))
        matches = found.subquery("matches")
        query = query.join(matches, matches.c.escalation_id == col(Escalation.id))
    counted = select(func.count()).select_from(query.subquery())
    return int((await session.execute(counted)).scalar_one())


def _looked_up(session: AsyncSession, search: Search) -> tuple[str, str, dict[str, Any]]:
    """FROM, WHERE and parameters of the documents that a search finds."""
    source = "search_document AS document"
    sql, words = _occurring(session, search)
    if not has_trigram(session, search):
        newest = "(SELECT max(escalation_id) FROM search_document)"
        return source, f"document.escalation_id > {newest} - {SHORT_REACH} AND {sql}", words
    if is_sqlite(session):
        # CROSS JOIN: in this order.
        source = f"search_index CROSS JOIN {source} ON document.escalation_id = search_index.rowid"
        sql = f"search_index MATCH :trigrams AND {sql}"
        return source, sql, words | {"trigrams": _trigrams(search)}
    patterns = {name: f"%{_literal(word)}%" for name, word in words.items()}
    return source, " AND ".join(f"document.text LIKE :{name}" for name in patterns), patterns


def has_trigram(session: AsyncSession, search: Search) -> bool:
    """Whether all cases are searched; otherwise the newest alone."""
    if is_sqlite(session):
        return any(len(word) >= 3 for word in search.words)
    return any(_TRIGRAM.search(word) for word in search.words)


def _occurring(session: AsyncSession, search: Search) -> tuple[str, dict[str, str]]:
    """The condition that all words occur in `document`, once one has it."""
    occurs = "instr" if is_sqlite(session) else "strpos"
    words = {f"word{n}": word for n, word in enumerate(search.words)}
    return " AND ".join(f"{occurs}(document.text, :{name}) > 0" for name in words), words


def _literal(word: str) -> str:
    """The word within LIKE, whose wildcards then mean themselves."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _trigrams(search: Search) -> str:
    """What FTS5 must find: each trigram as a quoted term."""
    trigrams = dict.fromkeys(
        word[at : at + 3]
        for word in search.words
        for at in range(min(len(word) - 2, TRIGRAMS_OF_A_WORD))
    )
    return " AND ".join('"{}"'.format(trigram.replace('"', '""')) for trigram in trigrams)
