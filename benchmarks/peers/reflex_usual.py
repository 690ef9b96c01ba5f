"""Reflex's usual way: a background event per tab, in a loop, that reads the list and assigns it.

Does: each tab's loop waits until something changed (one listener for the process; a loop that asks
every so often would cost more, or come later), reads the 50 rows from the database and assigns them to
the tab's var; the framework compares, encodes and sends the var. One process, production, its state in
memory, the same framework, server and event loop as the desk.

Does not: sign anybody in, know scopes, filters, counts, or look by itself in case a notice was lost.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from benchmarks.peers.first_page import FirstPage, notices
from benchmarks.peers.ready import ready

changed = asyncio.Condition()
turn = 0


class ListState(rx.State):
    rows: list[dict[str, Any]] = []

    @rx.event(background=True)
    async def follow(self) -> None:
        page, seen = FirstPage(os.environ["PEER_DATABASE"]), -1
        while True:
            if seen != turn:
                seen = turn
                rows = page.read()
                async with self:
                    self.rows = rows
                continue
            async with changed:
                await changed.wait()


async def listen() -> None:
    global turn
    async for _ in notices(os.environ["PEER_REDIS_URL"]):
        async with changed:
            turn += 1
            changed.notify_all()


@contextlib.asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    task = asyncio.create_task(listen())
    yield
    task.cancel()


def line(row: rx.Var[dict[str, Any]]) -> rx.Component:
    return rx.el.li(row["id"], " ", row["status"], " ", row["reason"], key=row["id"].to_string())


def index() -> rx.Component:
    return rx.el.ul(rx.foreach(ListState.rows, line))


app = rx.App(api_transformer=ready)
app.register_lifespan_task(lifespan)
app.add_page(index, route="/", on_load=ListState.follow)
