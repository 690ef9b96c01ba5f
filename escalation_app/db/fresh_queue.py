"""What keeps counts and search documents right: triggers, and what writes a case's document.

The migrations say the same in words of their own; a test holds both to it.
"""

from typing import Any

from sqlalchemy import Connection, Table, event, insert, select, text, update
from sqlmodel import col

from escalation_app.domain.conversation import Message
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.search import DOCUMENT_LIMIT, SearchDocument, document

_CELL = ("queue", "status", "topic", "area", "urgency")
_COLUMNS = ", ".join(_CELL)


def _of(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in _CELL)


def _counted(shard: str, **rows: int) -> str:
    """Add to the counts of the cells that these rows are in."""
    values = ", ".join(f"({_of(row)}, {shard}, {n})" for row, n in rows.items())
    return (
        f"INSERT INTO queue_count ({_COLUMNS}, shard, n) VALUES {values}"
        f" ON CONFLICT ({_COLUMNS}, shard) DO UPDATE SET n = queue_count.n + excluded.n;"
    )


_CHANGED = f"({_of('OLD')}) IS DISTINCT FROM ({_of('NEW')})"
# A shard that no other open transaction writes to: no claim waits for another, none deadlocks.
_COUNT_CASE = f"""
CREATE OR REPLACE FUNCTION count_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free integer := pg_backend_pid() % 8;
BEGIN
    WHILE free < 64 AND NOT pg_try_advisory_xact_lock(hashtext('queue_count'), free) LOOP
        free := free + 1;
    END LOOP;
    IF free = 64 THEN free := 64 + pg_backend_pid(); END IF;
    IF TG_OP = 'UPDATE' THEN {_counted("free", OLD=-1, NEW=1)}
    ELSIF TG_OP = 'INSERT' THEN {_counted("free", NEW=1)}
    ELSE {_counted("free", OLD=-1)}
    END IF;
    RETURN NULL;
END $$
"""
COUNTING = {
    "postgresql": (
        _COUNT_CASE,
        "CREATE TRIGGER escalation_counted AFTER INSERT OR DELETE ON escalation"
        " FOR EACH ROW EXECUTE FUNCTION count_case()",
        "CREATE TRIGGER escalation_recounted AFTER UPDATE ON escalation"
        f" FOR EACH ROW WHEN ({_CHANGED}) EXECUTE FUNCTION count_case()",
    ),
    "sqlite": (
        "CREATE TRIGGER escalation_counted AFTER INSERT ON escalation"
        f" BEGIN {_counted('0', NEW=1)} END",
        "CREATE TRIGGER escalation_uncounted AFTER DELETE ON escalation"
        f" BEGIN {_counted('0', OLD=-1)} END",
        "CREATE TRIGGER escalation_recounted AFTER UPDATE OF "
        f"{_COLUMNS} ON escalation WHEN ({_of('OLD')}) <> ({_of('NEW')})"
        f" BEGIN {_counted('0', OLD=-1, NEW=1)} END",
    ),
}
_FORGET = (
    "INSERT INTO search_index (search_index, rowid, text)"
    " VALUES ('delete', OLD.escalation_id, OLD.text);"
)
_INDEX = "INSERT INTO search_index (rowid, text) VALUES (NEW.escalation_id, NEW.text);"
INDEXING = {
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX ix_search_document_trigrams ON search_document USING gin (text gin_trgm_ops)",
    ),
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5"
        "(text, content='search_document', content_rowid='escalation_id',"
        " tokenize='trigram', detail=none)",
        "CREATE TRIGGER search_document_indexed AFTER INSERT ON search_document"
        f" BEGIN {_INDEX} END",
        "CREATE TRIGGER search_document_forgotten AFTER DELETE ON search_document"
        f" BEGIN {_FORGET} END",
        "CREATE TRIGGER search_document_reindexed AFTER UPDATE ON search_document"
        f" BEGIN {_FORGET} {_INDEX} END",
    ),
}


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


# The triggers are on `escalation`, which is made before `search_document`, which refers to it.
@event.listens_for(_table(SearchDocument), "after_create")
def _create(_target: Table, connection: Connection, **_: Any) -> None:
    name = connection.dialect.name
    for statement in (*COUNTING[name], *INDEXING[name]):
        connection.exec_driver_sql(statement)


@event.listens_for(_table(SearchDocument), "before_drop")
def _drop(_target: Table, connection: Connection, **_: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TABLE IF EXISTS search_index")


@event.listens_for(Escalation, "after_insert")
def _write_document(_mapper: Any, connection: Connection, case: Escalation) -> None:
    said = connection.execute(
        select(col(Message.text))
        .where(col(Message.conversation_id) == case.conversation_id)
        .order_by(col(Message.number))
    )
    fields = (case.reason, case.profile_name, *said.scalars())
    connection.execute(insert(SearchDocument).values(escalation_id=case.id, text=document(fields)))


@event.listens_for(Message, "after_insert")
def _append_to_documents(_mapper: Any, connection: Connection, message: Message) -> None:
    cases = select(col(Escalation.id)).where(
        col(Escalation.conversation_id) == message.conversation_id
    )
    longer = col(SearchDocument.text) + "\n" + document([message.text])
    connection.execute(
        update(SearchDocument)
        .where(
            col(SearchDocument.escalation_id).in_(cases),
            text(f"length(search_document.text) < {DOCUMENT_LIMIT}"),
        )
        .values(text=longer)
    )
