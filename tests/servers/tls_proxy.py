"""A proxy that ends TLS in front of a program, with a certificate of an authority of its own."""

import asyncio
import contextlib
import ssl
import threading

import trustme

from tests.servers.ports import free_port

HOST = "127.0.0.1"


class TlsProxy:
    def __init__(self, target_port: int) -> None:
        self.port = free_port()
        self.address = f"https://{HOST}:{self.port}"
        self._target = target_port
        authority = trustme.CA()
        self._own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(self._own)
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)
        # A loop of its own: the tests' thread waits for the browser.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _listen(self) -> None:
        await asyncio.start_server(self._serve, HOST, self.port, ssl=self._own)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_connection(HOST, self._target)
        await asyncio.gather(_pump(reader, requests), _pump(answers, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
    sink.close()
