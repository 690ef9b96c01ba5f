"""draft and published configuration

Revision ID: 0002
Revises: 0001
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDED = ("configuration_version", "configuration_entry")
SENTENCE = "What was published or logged is never changed."
PERSON = sa.table(
    "person",
    sa.column("username", sa.String),
    sa.column("role", sa.String),
    sa.column("topics", sa.JSON(none_as_null=True)),
    sa.column("areas", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    op.create_table(
        "configuration_draft",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.String(length=120), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name="one_draft"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "configuration_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.String(length=120), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "configuration_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    # What people may see and which tags there are moves into the bundle that both queues begin with.
    _begin_with(json.dumps({"format": 1, "configuration": _present_configuration()}))
    for table in GUARDED:
        _guard(table)
    # Not by copying the table: dropping the old one would end everybody's sessions and keys.
    op.drop_column("person", "areas")
    op.drop_column("person", "topics")


def downgrade() -> None:
    op.add_column("person", sa.Column("topics", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("person", sa.Column("areas", sa.JSON(none_as_null=True), nullable=True))
    _give_scopes_back()
    op.drop_table("configuration_entry")
    op.drop_table("configuration_version")
    op.drop_table("configuration_draft")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _begin_with(content: str) -> None:
    shared = "content, sealed_secret, revision"
    for table, columns, values in (
        ("configuration_draft", f"id, saved_by, saved_at, {shared}", "1"),
        ("configuration_version", f"number, published_by, published_at, {shared}", "0"),
    ):
        op.get_bind().execute(
            sa.text(
                f"INSERT INTO {table} ({columns}) "
                f"VALUES ({values}, 'The desk', CURRENT_TIMESTAMP, :content, '', 0)"
            ),
            {"content": content},
        )


def _present_configuration() -> dict[str, object]:
    people = op.get_bind().execute(
        sa.select(PERSON).where(PERSON.c.role == "supervisor").order_by(PERSON.c.username)
    )
    # Who was bound to no tag at all saw nothing, as does who is not in the bundle.
    supervisors = [
        {"username": one.username, "topics": one.topics, "areas": one.areas}
        for one in people
        if one.topics != [] and one.areas != []
    ]
    return {
        "enabled": False,
        "conditions": [],
        "response": "",
        "language": "en",
        "targets": {"critical": 15, "high": 60, "medium": 240, "low": 1440},
        "supervisors": supervisors,
        "topics": _tags("topic", supervisors, "topics"),
        "areas": _tags("area", supervisors, "areas"),
        "webhook": {"enabled": False, "url": ""},
    }


def _tags(kind: str, supervisors: list[dict[str, object]], name: str) -> list[str]:
    """Those that people are bound to, and of those that cases brought what can be listed."""
    tags = {tag for supervisor in supervisors for tag in supervisor[name] or []}
    spoken = {tag.casefold() for tag in tags} | {"all"}
    remembered = op.get_bind().execute(
        sa.text("SELECT DISTINCT name FROM queue_tag WHERE kind = :kind ORDER BY name"),
        {"kind": kind},
    )
    for tag in remembered.scalars():
        if "," not in tag and tag.casefold() not in spoken:
            tags.add(tag)
            spoken.add(tag.casefold())
    return sorted(tags, key=lambda tag: (tag.casefold(), tag))


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE "
        f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _give_scopes_back() -> None:
    """What holds in the published queue; who is not in it saw nothing and still sees nothing."""
    newest = op.get_bind().execute(
        sa.text("SELECT content FROM configuration_version ORDER BY number DESC LIMIT 1")
    )
    content = newest.scalar_one()
    nothing: dict[str, list[str] | None] = {"topics": [], "areas": []}
    op.get_bind().execute(PERSON.update().where(PERSON.c.role == "supervisor").values(nothing))
    for one in json.loads(content)["configuration"]["supervisors"]:
        op.get_bind().execute(
            PERSON.update()
            .where(PERSON.c.username == one["username"])
            .values(topics=one["topics"], areas=one["areas"])
        )
