"""A bare websocket broadcast: Starlette on the server that also serves the desk (Granian, uvloop).

Does: upon each notice it reads the 50 rows from the database, compares them with those that it sent
last, encodes the changed rows once, and sends them to every socket. A new socket gets all rows.

Does not: sign anybody in, know scopes, filters, counts or who looks at what, look by itself in case a
notice was lost, tell a heartbeat, gather a burst into one message, keep anything per tab.
"""

import argparse
import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator

from granian import Granian
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from benchmarks.peers import ready
from benchmarks.peers.first_page import FirstPage, notices

open_sockets: set[WebSocket] = set()


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(json.dumps(websocket.app.state.page.read()))
    open_sockets.add(websocket)
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        open_sockets.discard(websocket)


async def broadcast(page: FirstPage, redis_url: str) -> None:
    before = page.read()
    async for _ in notices(redis_url):
        now = page.read()
        changed = [row for row in now if row not in before]
        before = now
        if changed:
            text = json.dumps(changed)
            for one in list(open_sockets):
                with contextlib.suppress(RuntimeError):
                    await one.send_text(text)


@contextlib.asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.page = FirstPage(os.environ["PEER_DATABASE"])
    task = asyncio.create_task(broadcast(app.state.page, os.environ["PEER_REDIS_URL"]))
    yield
    task.cancel()


app = Starlette(routes=[ready.route, WebSocketRoute("/socket", socket)], lifespan=lifespan)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    Granian("benchmarks.peers.bare:app", port=port, interface="asgi", log_enabled=False).serve()


if __name__ == "__main__":
    main()
