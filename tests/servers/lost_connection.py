"""PostgreSQL ends the connection of whoever changes a table: at that statement, or while it commits."""

from enum import StrEnum

from sqlalchemy import text

from escalation_app.db.engine import Database

_END_ITSELF = """
CREATE OR REPLACE FUNCTION end_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
"""


class Moment(StrEnum):
    STATEMENT = "INITIALLY IMMEDIATE"
    COMMIT = "INITIALLY DEFERRED"


async def lose_connections(database: Database, changes: str, moment: Moment) -> None:
    """From now on, at changes such as `INSERT ON person`."""
    trigger = (
        f"CREATE CONSTRAINT TRIGGER loses_connection AFTER {changes} DEFERRABLE {moment} "
        "FOR EACH ROW EXECUTE FUNCTION end_itself()"
    )
    async with database.engine.begin() as connection:
        await connection.execute(text(_END_ITSELF))
        await connection.execute(text(trigger))
