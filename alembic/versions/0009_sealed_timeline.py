"""the timeline is append-only, and each case's entries form a chain

Revision ID: 0009
Revises: 0008
"""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SENTENCE = "What was published or logged is never changed."
ADDED = {
    "escalation": ("entries", "last_seal", "head_seal"),
    "timeline_entry": ("position", "previous_seal", "seal"),
}


def upgrade() -> None:
    for table, (number, *seals) in ADDED.items():
        op.add_column(table, sa.Column(number, sa.Integer(), nullable=False, server_default="0"))
        for seal in seals:
            op.add_column(table, sa.Column(seal, sa.String(64), nullable=False, server_default=""))
    op.execute(
        "UPDATE timeline_entry SET position = (SELECT count(*) FROM timeline_entry AS earlier"
        " WHERE earlier.escalation_id = timeline_entry.escalation_id"
        " AND earlier.id <= timeline_entry.id)"
    )
    op.execute(
        "UPDATE escalation SET entries = (SELECT count(*) FROM timeline_entry"
        " WHERE timeline_entry.escalation_id = escalation.id)"
    )
    _guard()
    _tell_what_is_not_sealed()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER timeline_entry_no_update")
        op.execute("DROP TRIGGER timeline_entry_no_delete")
    else:
        op.execute("DROP TRIGGER timeline_entry_no_change ON timeline_entry")
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column)


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER timeline_entry_no_{verb.lower()} BEFORE {verb} ON timeline_entry "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER timeline_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON timeline_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _tell_what_is_not_sealed() -> None:
    """No migration has the desk's key; and what sealed old entries by itself would seal any."""
    newest = op.get_bind().execute(sa.text("SELECT max(id) FROM timeline_entry")).scalar_one()
    if newest is not None:
        logging.getLogger("alembic").warning(
            "The timeline's entries up to number %s have no seal. Please keep this number:"
            " verify-audit --unsealed-until %s passes over them and over no others.",
            newest,
            newest,
        )
