"""Who can sign in, and who no longer."""

import sys
from typing import Annotated

import typer

from escalation_app.commands.work import counted, on_the_desk
from escalation_app.domain.people import Scope
from escalation_app.domain.vocabulary import Role
from escalation_app.services import people


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
    on_the_desk(lambda desk: people.create_person(desk, username, name, role, password, scope))
    if role is Role.AGENT:
        print(f"{name} is known as {username}. Make its key with create-api-key.")
    else:
        print(f"{name} can sign in as {username}.")


def shut_out(username: str) -> None:
    """End a person's sessions, keys and password for good; what they did stays theirs."""
    shut = on_the_desk(lambda desk: people.shut_out(desk, username))
    ended = f"{counted(shut.sessions, 'session')} ended, {counted(shut.keys, 'key')} revoked"
    print(f"{shut.name} is shut out: {ended}. Cases that they have wait for an admin's release.")


def _tags(text: str) -> frozenset[str] | None:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    return None if names == {"ALL"} else names
