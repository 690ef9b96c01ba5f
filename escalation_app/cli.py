"""Commands: run, serve, build, is-alive, is-ready, migrate, seed, simulate, create-user, shut-out, API keys, and verify-audit."""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import httpx
import typer
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import InterfaceError

from escalation_app import logs, production, routes
from escalation_app.commands import api_keys, history, people
from escalation_app.commands.work import on_the_desk
from escalation_app.db.engine import Database
from escalation_app.demo import seed as demo_seed
from escalation_app.demo import simulation
from escalation_app.domain.configuration_refusals import SecretKeyMissing
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
    if settings().lacks_key:
        sys.exit(str(SecretKeyMissing()))
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
    """End with 0 if the desk at HOST and PORT answers, else with 1: whether to restart it."""
    _ask(routes.HEALTHZ)


@app.command()
def is_ready() -> None:
    """End with 0 if the desk at HOST and PORT is ready, else with 1: whether to send people."""
    _ask(routes.READYZ)


def _ask(path: str) -> None:
    try:
        # A proxy of the environment is for the way out.
        answer = httpx.get(f"{settings().own_url}{path}", timeout=4, trust_env=False)
    except httpx.HTTPError as error:
        sys.exit(f"No answer: {type(error).__name__}.")
    if answer.status_code != 200:
        sys.exit(answer.text)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    Database(settings().database_url)
    config = Config(PROJECT / "alembic.ini")
    try:
        command.upgrade(config, "head")
    except OSError as error:
        sys.exit(f"The database can't be reached: {str(error) or type(error).__name__}")
    except InterfaceError as error:
        # What its driver can make nothing of.
        sys.exit(f"The database can't be reached: {error.orig}")


@app.command()
def seed() -> None:
    """Add the demo's people and cases, once."""
    on_the_desk(demo_seed.seed)


@app.command()
def simulate(
    rate: Annotated[float, typer.Option(help="Changes per second.", min=0.01, max=1_000)] = 1.0,
    seconds: Annotated[float, typer.Option(help="Stop after so long; 0 goes on for ever.")] = 0,
) -> None:
    """Keep new cases and changes coming on the published queue."""
    how_long = f"for {seconds:g} s" if seconds else "until Ctrl-C"
    print(f"Simulating {rate:g} changes per second {how_long}.", flush=True)
    made = on_the_desk(lambda desk: simulation.simulate(desk, rate=rate, seconds=seconds))
    if made is not None:
        print(f"{made} changes made.")


def _serve(*, workers: int) -> None:
    """Become the server: one port, so many processes, the front end built first if it has changed."""
    _become("escalation_app.serving", {"GRANIAN_WORKERS": str(workers)})


def _become(module: str, chosen: dict[str, str]) -> None:
    os.chdir(PROJECT)
    os.execvpe(sys.executable, [sys.executable, "-m", module], surroundings() | chosen)


for asked_of_the_desk in (
    people.create_user,
    people.shut_out,
    api_keys.create_api_key,
    api_keys.list_api_keys,
    api_keys.revoke_api_key,
    history.verify_audit,
):
    app.command()(asked_of_the_desk)


if __name__ == "__main__":
    app()
