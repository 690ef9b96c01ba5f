"""messages that may be sent again

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("idempotency_key") as table:
        table.add_column(sa.Column("message_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "idempotency_key_message_id_fkey", "message", ["message_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("idempotency_key") as table:
        table.drop_constraint("idempotency_key_message_id_fkey", type_="foreignkey")
        table.drop_column("message_id")
