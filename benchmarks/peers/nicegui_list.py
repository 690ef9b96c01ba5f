"""NiceGUI: a table of 50 rows on a page of each client, as its documentation shows it.

Does: upon each notice it reads the 50 rows from the database once for all clients, and gives them to
each client's `ui.table` through one `Event`, the framework's way to tell all pages something. Of the
ways that its users go (`ui.refreshable`, a row of labels each, a timer per page) this is the cheapest.
Runs as `ui.run` starts it, on the same faster event loop as the others.

Does not: sign anybody in, know scopes, filters, counts, look by itself in case a notice was lost, or
gather a burst into one step.
"""

import argparse
import asyncio
import os
from typing import Any

from nicegui import Event, app, ui
from starlette.responses import PlainTextResponse

from benchmarks.peers.first_page import COLUMNS, FirstPage, notices

page_of_cases = FirstPage(os.environ["PEER_DATABASE"])
changed: Event[list[dict[str, Any]]] = Event()
columns = [{"name": name, "label": name, "field": name} for name in COLUMNS]


@ui.page("/")
def show() -> None:
    table = ui.table(columns=columns, rows=page_of_cases.read(), row_key="id")

    def renew(rows: list[dict[str, Any]]) -> None:
        table.rows = rows

    changed.subscribe(renew)


async def follow() -> None:
    async for _ in notices(os.environ["PEER_REDIS_URL"]):
        changed.emit(page_of_cases.read())


async def begin() -> None:
    app.state.following = asyncio.create_task(follow())


app.on_startup(begin)


@app.get("/readyz")
def ready() -> PlainTextResponse:
    return PlainTextResponse("ready")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    ui.run(
        host="127.0.0.1",
        port=port,
        reload=False,
        show=False,
        show_welcome_message=False,
        loop="uvloop",
    )


main()
