"""A line between browser and server that can be slow, cut and black-holed."""

import contextlib
import socket
import threading
import time

from tests.servers.ports import free_port


class TcpProxy:
    def __init__(self, target_port: int) -> None:
        self.port = free_port()
        self._target = target_port
        self._mode = "forward"
        self._delay = 0.0
        self._open: set[socket.socket] = set()
        self._mute: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Drop all connections and refuse new ones."""
        self._mode = "cut"
        self._drop()

    def black_hole(self) -> None:
        """Keep connections open and let every byte vanish."""
        self._mode = "hole"

    def slow_down(self, seconds: float) -> None:
        """Whatever is sent takes so long on its way."""
        self._delay = seconds

    def restore(self) -> None:
        self._delay = 0.0
        was, self._mode = self._mode, "forward"
        if was == "hole" or self._mute:
            self._drop()

    def carry_new_ones(self) -> None:
        """The hole is over, but nobody remembers what was open: it stays mute and is never ended."""
        self._mute |= self._open
        self._mode = "forward"

    def close(self) -> None:
        self._listener.close()
        self._drop()

    def _drop(self) -> None:
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
            self._open.discard(one)
            self._mute.discard(one)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._mode == "cut":
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._target))
            self._open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                time.sleep(self._delay)
                if self._mode == "forward" and source not in self._mute:
                    sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
