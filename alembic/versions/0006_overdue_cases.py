"""when it was told that a case is overdue, and indexes of those not told yet

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = {"overdue_pending_at": "Pending", "overdue_in_progress_at": "InProgress"}


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("escalation", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    # An upgrade alarms nobody about the past, nor does a claim of what was overdue by then.
    op.execute(
        "UPDATE escalation SET overdue_pending_at = CURRENT_TIMESTAMP,"
        " overdue_in_progress_at = CURRENT_TIMESTAMP"
        " WHERE status <> 'Completed' AND due_at <= CURRENT_TIMESTAMP"
    )
    for column, status in COLUMNS.items():
        not_told = sa.text(f"status = '{status}' AND {column} IS NULL")
        op.create_index(
            _index(column),
            "escalation",
            ["due_at"],
            sqlite_where=not_told,
            postgresql_where=not_told,
        )


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_index(_index(column), table_name="escalation")
        op.drop_column("escalation", column)


def _index(column: str) -> str:
    return f"ix_escalation_{column.removesuffix('_at')}"
