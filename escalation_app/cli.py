"""Commands: run, serve, build, is-alive, is-ready, migrate, seed, simulate, create-user, shut-out, API keys, and verify-audit."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from alembic import command
from alembic.config import Config

from escalation_app import logs, production, routes
from escalation_app.db.engine import Database
from escalation_app.demo import seed as demo_seed
from escalation_app.demo import simulation
from escalation_app.domain.people import COMMAND_LINE, Scope
from escalation_app.domain.refusals import Refusal
from escalation_app.domain.vocabulary import Role
from escalation_app.integrations.bus import make_bus
from escalation_app.integrations.sealer import make_sealer
from escalation_app.integrations.vault import make_vault
from escalation_app.services import api_keys, audit, people
from escalation_app.services.desk import Desk
from escalation_app.settings import LogFormat, settings
from escalation_app.surroundings import surroundings

log = logging.getLogger(__name__)
PROJECT = Path(__file__).resolve().parent.parent
app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.command()
def run() -> None:
    """Migrate, seed the demo and serve it from this machine alone."""
    os.environ.setdefault("ESCALATION_DEMO", "1")
    settings.cache_clear()
    if settings().log_format is LogFormat.JSON:
        logs.install(people_are_served=False)
    migrate()
    if settings().demo:
        seed()
    # In memory, one process would not hear of another's changes.
    _serve(workers=settings().workers if settings().redis_url else 1)


@app.command()
def serve() -> None:
    """Migrate and serve in production, on PostgreSQL and Redis."""
    if reason := production.why_not(settings()):
        sys.exit(f"The desk can't be served: {reason}")
    os.environ.setdefault("ESCALATION_LOG_FORMAT", LogFormat.JSON.value)
    settings.cache_clear()
    logs.install(people_are_served=False)
    for doubt in production.doubts(settings()):
        log.warning(doubt)
    migrate()
    _serve(workers=settings().workers)


@app.command()
def build() -> None:
    """Build the front end ahead of time; `run` and `serve` do it otherwise."""
    _become("escalation_app.front_end", {})


@app.command()
def is_alive() -> None:
    """End with 0 if the desk on this machine's PORT answers, else with 1: whether to restart it."""
    _ask(routes.HEALTHZ)


@app.command()
def is_ready() -> None:
    """End with 0 if the desk on this machine's PORT is ready, else with 1: whether to send people."""
    _ask(routes.READYZ)


def _ask(path: str) -> None:
    try:
        answer = httpx.get(f"http://127.0.0.1:{settings().port}{path}", timeout=4)
    except httpx.HTTPError as error:
        sys.exit(f"No answer: {type(error).__name__}.")
    if answer.status_code != 200:
        sys.exit(answer.text)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    Database(settings().database_url)
    config = Config(PROJECT / "alembic.ini")
    command.upgrade(config, "head")


@app.command()
def seed() -> None:
    """Add the demo's people and cases, once."""
    _on_the_desk(demo_seed.seed)


@app.command()
def simulate(
    rate: Annotated[float, typer.Option(help="Changes per second.", min=0.01, max=1_000)] = 1.0,
    seconds: Annotated[float, typer.Option(help="Stop after so long; 0 goes on for ever.")] = 0,
) -> None:
    """Keep new cases and changes coming on the published queue."""
    how_long = f"for {seconds:g} s" if seconds else "until Ctrl-C"
    print(f"Simulating {rate:g} changes per second {how_long}.", flush=True)
    made = _on_the_desk(lambda desk: simulation.simulate(desk, rate=rate, seconds=seconds))
    if made is not None:
        print(f"{made} changes made.")


@app.command()
def create_user(
    username: str,
    name: str,
    role: Role,
    password: Annotated[str | None, typer.Option(help="Asked for unless given.")] = None,
    topics: Annotated[str, typer.Option(help="A comma list, or ALL.")] = "ALL",
    areas: Annotated[str, typer.Option(help="A comma list, or ALL.")] = "ALL",
) -> None:
    """Add a person, or an agent, which has no password. A supervisor's scope holds at once."""
    if role is Role.AGENT:
        if password is not None:
            sys.exit("An agent has no password: it comes with an API key.")
    elif password is None:
        password = typer.prompt("Password", hide_input=True)
    scope = Scope(_tags(topics), _tags(areas))
    _on_the_desk(lambda desk: people.create_person(desk, username, name, role, password, scope))
    if role is Role.AGENT:
        print(f"{name} is known as {username}. Make its key with create-api-key.")
    else:
        print(f"{name} can sign in as {username}.")


@app.command()
def shut_out(username: str) -> None:
    """End a person's sessions, keys and password for good; what they did stays theirs."""
    shut = _on_the_desk(lambda desk: people.shut_out(desk, username))
    ended = f"{_count(shut.sessions, 'session')} ended, {_count(shut.keys, 'key')} revoked"
    print(f"{shut.name} is shut out: {ended}. Cases that they have wait for an admin's release.")


@app.command()
def create_api_key(username: str, label: str) -> None:
    """Make an API key for a person or the agent; it is shown this once."""
    print(_on_the_desk(lambda desk: api_keys.create(desk, COMMAND_LINE, username, label)))


@app.command()
def list_api_keys() -> None:
    """Show whose keys there are and when they were last used; never the keys themselves."""
    for key in _on_the_desk(lambda desk: api_keys.listed(desk, COMMAND_LINE)):
        used = f"last used {_day(key.last_used_at)}" if key.last_used_at else "never used"
        ended = f", revoked {_day(key.revoked_at)}" if key.revoked_at else ""
        print(f"{key.id:>4}  {key.username} ({key.role.value})  {key.label}  {used}{ended}")


@app.command()
def revoke_api_key(key_id: int) -> None:
    """End a key, by its number in list-api-keys."""
    _on_the_desk(lambda desk: api_keys.revoke(desk, COMMAND_LINE, key_id))
    print(f"Key {key_id} is revoked.")


@app.command()
def verify_audit(
    unsealed_until: Annotated[
        int, typer.Option(help="Pass over entries without a seal up to this row.", min=0)
    ] = 0,
) -> None:
    """Look whether every case's timeline is as the desk wrote it; it may go on working meanwhile."""
    if not settings().has_key:
        sys.exit(
            "The timeline can't be verified: please set ESCALATION_SECRET_KEY to the desk's key."
        )
    tally = audit.Tally()
    found = _on_the_desk(lambda desk: _print_findings(desk, unsealed_until, tally))
    print(_summary(tally, found))
    if found or found is None:
        sys.exit(1)


async def _print_findings(desk: Desk, unsealed_until: int, tally: audit.Tally) -> int:
    found = 0
    async for finding in audit.verify(desk, unsealed_until=unsealed_until, tally=tally):
        found += 1
        print(finding, flush=True)
    return found


def _summary(tally: audit.Tally, found: int | None) -> str:
    looked = f"{_count(tally.cases, 'case')}, {_count(tally.sealed, 'sealed entry')} as written"
    if tally.unsealed:
        looked += f", {tally.unsealed} from before the seals, which nothing vouches for"
    if found is None:
        return f"Not done: {looked} so far."
    if not found:
        return f"Whole: {looked}."
    hint = "" if tally.sealed else " No seal fits at all: is this the key that the desk works with?"
    return f"Not whole: {_count(found, 'finding')}; {looked}.{hint}"


def _count(number: int, noun: str) -> str:
    is_after_consonant = noun[-2] not in "aeiou"
    plural = f"{noun[:-1]}ies" if noun[-1] == "y" and is_after_consonant else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _on_the_desk(work: Callable[[Desk], Awaitable[Any]]) -> Any:
    async def with_desk() -> Any:
        database = Database(settings().database_url)
        bus = make_bus(settings().redis_url)
        vault = make_vault(settings().secret_key, settings().key_file)
        sealer = make_sealer(settings().secret_key, settings().key_file)
        try:
            return await work(Desk(database, bus.announce, vault=vault, sealer=sealer))
        finally:
            await bus.close()
            await database.close()

    try:
        return asyncio.run(with_desk())
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        return None


def _serve(*, workers: int) -> None:
    """Become the server: one port, so many processes, the front end built first if it has changed."""
    _become("escalation_app.serving", {"GRANIAN_WORKERS": str(workers)})


def _become(module: str, chosen: dict[str, str]) -> None:
    os.chdir(PROJECT)
    os.execvpe(sys.executable, [sys.executable, "-m", module], surroundings() | chosen)


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")


def _tags(text: str) -> frozenset[str] | None:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    return None if names == {"ALL"} else names


if __name__ == "__main__":
    app()
