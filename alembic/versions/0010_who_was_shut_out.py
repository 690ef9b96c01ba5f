"""when somebody was shut out for good

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("shut_out_at", sa.DateTime(timezone=True), nullable=True))
    # An agent never had a password, so nothing tells of one whether it was shut out. Nor is anybody
    # cut off here whose program comes in.
    op.execute(
        "UPDATE person SET shut_out_at = CURRENT_TIMESTAMP"
        " WHERE role <> 'agent' AND password_hash IS NULL AND is_demo = false"
        " AND NOT EXISTS (SELECT 1 FROM api_key"
        " WHERE api_key.person_id = person.id AND api_key.revoked_at IS NULL)"
    )


def downgrade() -> None:
    op.drop_column("person", "shut_out_at")
