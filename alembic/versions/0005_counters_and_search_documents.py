"""counters and search documents, and indexes in the orders of the list

Revision ID: 0005
Revises: 0003
"""

import logging
import re
import unicodedata
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CELL = ("queue", "status", "topic", "area", "urgency")
COLUMNS = ", ".join(CELL)
AT_ONCE = 2_000
COMPLETED = sa.text("status = 'Completed'")
BY_URGENCY = (sa.text("urgency DESC"), "created_at", "id")
ACCENTS = re.compile("[\u0300-\u036f]")


def upgrade() -> None:
    _drop_indexes("urgency", "facets", "newest", "completed", "owner")
    _index("urgency", "queue", "status", *BY_URGENCY)
    _index("facets", "queue", "status", "topic", "area", *BY_URGENCY)
    _index("newest", "queue", "created_at", "id")
    _index("completed", "queue", "completed_at", "id", where=COMPLETED)
    _index(
        "completed_facets",
        *("queue", "topic", "area", "urgency", "completed_at", "id"),
        where=COMPLETED,
    )
    _index("owner", "claimed_by_id", "queue", "status", *BY_URGENCY)
    op.create_table(
        "queue_count",
        sa.Column("queue", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("area", sa.String(length=120), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("shard", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*CELL, "shard"),
        # Room beside each row, so that counting on does not touch the index.
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "search_document",
        sa.Column("escalation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("escalation_id"),
    )
    op.execute(
        f"INSERT INTO queue_count ({COLUMNS}, shard, n) "
        f"SELECT {COLUMNS}, 0, count(*) FROM escalation GROUP BY {COLUMNS}"
    )
    _write_documents()
    if op.get_bind().dialect.name == "sqlite":
        _keep_in_sqlite()
    else:
        _keep_in_postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in ("counted", "recounted", *(("uncounted",) if sqlite else ())):
        op.execute(f"DROP TRIGGER escalation_{trigger}" + ("" if sqlite else " ON escalation"))
    op.execute("DROP TABLE search_index" if sqlite else "DROP FUNCTION count_case()")
    op.drop_table("search_document")
    op.drop_table("queue_count")
    _drop_indexes("urgency", "facets", "newest", "completed", "completed_facets", "owner")
    _index("urgency", "queue", "status", "urgency", "created_at", "id")
    _index("facets", "queue", "status", "topic", "area", "urgency")
    _index("newest", "queue", "created_at", "id")
    _index("completed", "queue", "status", "completed_at", "id")
    _index("owner", "claimed_by_id", "queue", "status")


def _index(name: str, *columns: object, where: object = None) -> None:
    op.create_index(
        f"ix_escalation_{name}",
        "escalation",
        list(columns),
        sqlite_where=where,
        postgresql_where=where,
    )


def _drop_indexes(*names: str) -> None:
    for name in names:
        op.drop_index(f"ix_escalation_{name}", table_name="escalation")


def _counted(shard: str, **rows: int) -> str:
    values = ", ".join(
        "(" + ", ".join(f"{row}.{column}" for column in CELL) + f", {shard}, {n})"
        for row, n in rows.items()
    )
    return (
        f"INSERT INTO queue_count ({COLUMNS}, shard, n) VALUES {values}"
        f" ON CONFLICT ({COLUMNS}, shard) DO UPDATE SET n = queue_count.n + excluded.n;"
    )


def _keep_in_sqlite() -> None:
    old, new = (", ".join(f"{row}.{column}" for column in CELL) for row in ("OLD", "NEW"))
    forget = (
        "INSERT INTO search_index (search_index, rowid, text)"
        " VALUES ('delete', OLD.escalation_id, OLD.text);"
    )
    index = "INSERT INTO search_index (rowid, text) VALUES (NEW.escalation_id, NEW.text);"
    less, more = _counted("0", OLD=-1), _counted("0", NEW=1)
    for statement in (
        f"CREATE TRIGGER escalation_counted AFTER INSERT ON escalation BEGIN {more} END",
        f"CREATE TRIGGER escalation_uncounted AFTER DELETE ON escalation BEGIN {less} END",
        f"CREATE TRIGGER escalation_recounted AFTER UPDATE OF {COLUMNS} ON escalation"
        f" WHEN ({old}) <> ({new}) BEGIN {_counted('0', OLD=-1, NEW=1)} END",
        "CREATE VIRTUAL TABLE search_index USING fts5"
        "(text, content='search_document', content_rowid='escalation_id',"
        " tokenize='trigram', detail=none)",
        "INSERT INTO search_index (search_index) VALUES ('rebuild')",
        f"CREATE TRIGGER search_document_indexed AFTER INSERT ON search_document BEGIN {index} END",
        "CREATE TRIGGER search_document_forgotten AFTER DELETE ON search_document"
        f" BEGIN {forget} END",
        "CREATE TRIGGER search_document_reindexed AFTER UPDATE ON search_document"
        f" BEGIN {forget} {index} END",
    ):
        op.get_bind().exec_driver_sql(statement)


def _keep_in_postgresql() -> None:
    old, new = (", ".join(f"{row}.{column}" for column in CELL) for row in ("OLD", "NEW"))
    for statement in (
        f"""CREATE FUNCTION count_case() RETURNS trigger LANGUAGE plpgsql AS $$
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
        END $$""",
        "CREATE TRIGGER escalation_counted AFTER INSERT OR DELETE ON escalation"
        " FOR EACH ROW EXECUTE FUNCTION count_case()",
        "CREATE TRIGGER escalation_recounted AFTER UPDATE ON escalation FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION count_case()",
    ):
        op.get_bind().exec_driver_sql(statement)
    _index_trigrams()


def _index_trigrams() -> None:
    """Without the right to make the extension, search stays right and gets slow with the years."""
    try:
        with op.get_bind().begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.DBAPIError:
        logging.getLogger("alembic").warning(
            "The extension pg_trgm could not be created, so searches read every case. Have an"
            " administrator run: CREATE EXTENSION pg_trgm; CREATE INDEX ix_search_document_trigrams"
            " ON search_document USING gin (text gin_trgm_ops);"
        )
        return
    op.execute(
        "CREATE INDEX ix_search_document_trigrams ON search_document USING gin (text gin_trgm_ops)"
    )


def _write_documents() -> None:
    connection = op.get_bind()
    after = 0
    while True:
        cases = connection.execute(
            sa.text(
                "SELECT id, conversation_id, reason, profile_name FROM escalation"
                " WHERE id > :after ORDER BY id LIMIT :at_once"
            ),
            {"after": after, "at_once": AT_ONCE},
        ).all()
        if not cases:
            return
        after = cases[-1].id
        said = _said(connection, sorted({case.conversation_id for case in cases}))
        connection.execute(
            sa.text("INSERT INTO search_document (escalation_id, text) VALUES (:id, :text)"),
            [
                {
                    "id": case.id,
                    "text": _document(
                        (case.reason, case.profile_name, *said.get(case.conversation_id, ()))
                    ),
                }
                for case in cases
            ],
        )


def _said(connection: sa.Connection, conversations: Sequence[int]) -> dict[int, list[str]]:
    messages = connection.execute(
        sa.text(
            "SELECT conversation_id, text FROM message WHERE conversation_id IN :conversations"
            " ORDER BY conversation_id, number"
        ).bindparams(sa.bindparam("conversations", expanding=True)),
        {"conversations": conversations},
    )
    said: dict[int, list[str]] = {}
    for conversation, text in messages:
        said.setdefault(conversation, []).append(text)
    return said


def _document(fields: Iterable[str]) -> str:
    return "\n".join(_folded(field[:10_000]) for field in fields)[:200_000]


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    bare = ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))
    return unicodedata.normalize("NFC", bare)
