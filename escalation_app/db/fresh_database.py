"""What tables begin with besides their columns: what guards them, and what always stands in them.

The migrations say the same in words of their own; a test holds both to it.
"""

from typing import Any

from sqlalchemy import Connection, Table, event, func, insert

from escalation_app.domain.configuration import Configuration
from escalation_app.domain.publication import (
    THE_DESK,
    ConfigurationEntry,
    Draft,
    PublishedVersion,
)
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_endpoint import WebhookEndpoint

_SENTENCE = "What was published or logged is never changed."
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_SENTENCE}'; END $$
"""


def _guard(table: Table) -> None:
    """Let the database itself refuse to change, delete or empty."""
    for verb in ("UPDATE", "DELETE"):
        _after_create(
            table,
            "sqlite",
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END",
        )
    _after_create(table, "postgresql", _FUNCTION)
    _after_create(
        table,
        "postgresql",
        f"CREATE TRIGGER {table.name}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE "
        f"ON {table.name} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    )


def _after_create(table: Table, dialect: str, statement: str) -> None:
    @event.listens_for(table, "after_create")
    def execute(_target: Table, connection: Connection, **_: Any) -> None:
        if connection.dialect.name == dialect:
            connection.exec_driver_sql(statement)


def _begin(table: Table, who: str, when: str, **numbers: int) -> None:
    @event.listens_for(table, "after_create")
    def insert_first(target: Table, connection: Connection, **_: Any) -> None:
        first = {"content": Configuration(), "sealed_secret": "", who: THE_DESK.name}
        now = {when: func.current_timestamp()}
        connection.execute(insert(target).values(first | numbers | now))


def _begin_endpoints(table: Table) -> None:
    @event.listens_for(table, "after_create")
    def insert_both(target: Table, connection: Connection, **_: Any) -> None:
        off = {
            "enabled": False,
            "url": "",
            "retiring": [],
            "failures": 0,
            "switched_off_because": "",
        }
        connection.execute(insert(target), [{"queue": queue} | off for queue in Queue])


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


_guard(_table(PublishedVersion))
_guard(_table(ConfigurationEntry))
_guard(_table(TimelineEntry))
_begin(_table(Draft), "saved_by", "saved_at", id=1, revision=0)
_begin(_table(PublishedVersion), "published_by", "published_at", number=0, revision=0)
_begin_endpoints(_table(WebhookEndpoint))
