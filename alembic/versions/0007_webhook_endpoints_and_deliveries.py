"""webhook endpoints and their deliveries

Revision ID: 0007
Revises: 0006
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_WAITING = sa.text("status = 'waiting'")


def upgrade() -> None:
    op.add_column(
        "configuration_draft",
        sa.Column("secret_overlap_hours", sa.Integer(), nullable=False, server_default="24"),
    )
    op.create_table(
        "webhook_endpoint",
        sa.Column("queue", sa.String(20), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("retiring", sa.JSON(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("switched_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("switched_off_because", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("queue"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("queue", sa.String(20), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("entry_id", NUMBER, nullable=True),
        sa.Column("escalation_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(32), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_line", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["timeline_entry.id"]),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("entry_id"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["queue", "next_attempt_at"],
        sqlite_where=IS_WAITING,
        postgresql_where=IS_WAITING,
    )
    op.create_index("ix_delivery_status", "delivery", ["status", "id"])
    op.create_index("ix_delivery_age", "delivery", ["created_at"])
    _begin_endpoints()


def downgrade() -> None:
    op.drop_table("delivery")
    op.drop_table("webhook_endpoint")
    op.drop_column("configuration_draft", "secret_overlap_hours")


def _begin_endpoints() -> None:
    """Each queue's endpoint as its settings have it."""
    for queue, table, newest in (
        ("preview", "configuration_draft", "id"),
        ("published", "configuration_version", "number"),
    ):
        query = f"SELECT content FROM {table} ORDER BY {newest} DESC LIMIT 1"
        content = op.get_bind().execute(sa.text(query)).scalar_one()
        webhook = json.loads(content)["configuration"]["webhook"]
        op.get_bind().execute(
            sa.text(
                "INSERT INTO webhook_endpoint (queue, enabled, url, retiring, failures, "
                "switched_off_because) VALUES (:queue, :enabled, :url, '[]', 0, '')"
            ),
            {"queue": queue, "enabled": webhook["enabled"], "url": webhook["url"]},
        )
