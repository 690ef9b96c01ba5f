"""The framework's production server, with what it leaves out.

A worker that dies is started again and its gauges go with it, none is replaced before its
successor serves, none outlives the process that looks after it, and the server's lines are the log's.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.synchronize import Event
from select import select
from threading import Thread
from typing import Any

from granian import server
from granian.constants import HTTPModes, RuntimeModes
from granian.log import logger
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# After SIGTERM, what is under way may end for so long.
DRAIN_SECONDS = 8
# A successor that does not serve after so long never will.
START_SECONDS = 60
# It says so when its app has started, a moment before it listens.
LISTEN_SECONDS = 0.5
LOOK_SECONDS = 0.1
# A worker sees within this time that nobody looks after it any more.
ALONE_SECONDS = 1.0
# Of one process, an open tab's among them; whoever comes when there are so many waits outside.
MOST_CONNECTIONS = 8_192
# All goes to the log, which is everybody's.
LOGGERS: dict[str, Any] = {
    name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")
}


class Wake:
    """Set by handlers of signals, which run in the midst of whoever waits or clears it.

    A `threading.Event` is held by its own thread there, and whoever sets it would wait for ever.
    """

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)

    def set(self) -> None:
        # A full pipe is set already.
        with suppress(BlockingIOError):
            os.write(self._writing, b"!")

    def clear(self) -> None:
        with suppress(BlockingIOError):
            while os.read(self._reading, 4_096):
                pass

    def wait(self) -> None:
        select([self._reading], [], [])


class LastingServer(server.Server):
    """The framework gives no way to ask for these."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        lasting = {
            "respawn_failed_workers": True,
            "workers_kill_timeout": DRAIN_SECONDS,
            # With the other one, a worker that is told to end while tabs are open often dies of it.
            "runtime_mode": RuntimeModes.st,
            # Where it may be HTTP/2 as well, who connects and says nothing is waited for without an end.
            "http": HTTPModes.http1,
            "backpressure": MOST_CONNECTIONS,
            "log_dictconfig": {"handlers": {}, "loggers": LOGGERS},
        }
        super().__init__(*arguments, **(options | lasting))
        self.main_loop_interrupt = Wake()
        self._serves: dict[int, Event] = {}

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Callable[[], ASGIApp]) -> Any:
        serves = self._serves[idx] = multiprocessing.Event()
        return super()._spawn_worker(idx, target, partial(_loaded, callback_loader, serves))

    def _respawn_workers(
        self, workers: Sequence[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        """One after the other. Whoever has died already waits for nobody."""
        for idx in workers:
            if self.interrupt_signal:
                break
            old, new = self.wrks[idx], self._spawn_worker(idx, spawn_target, target_loader)
            self.wrks[idx] = new
            if old.is_alive():
                self._replace(old, new)
            else:
                self._follow(old, new)
        # Cleared first: what comes from here on sets it itself, and what has been answered is no reason.
        self.main_loop_interrupt.clear()
        if self.interrupt_signal or self.reload_signal or self.interrupt_children:
            self.main_loop_interrupt.set()

    def _follow(self, dead: Any, new: Any) -> None:
        """What was told of the death is answered by this, or the successor would be blamed for it."""
        dead.interrupt_by_parent = True
        if dead.idx in self.interrupt_children:
            self.interrupt_children.remove(dead.idx)
        self._begin(new)
        _forget(dead)

    def _begin(self, worker: Any) -> None:
        self.respawned_wrks[worker.idx] = time.monotonic()
        worker.start()

    def _replace(self, old: Any, new: Any) -> None:
        """While there are two of them, the death of one is borne by the other."""
        old.interrupt_by_parent = new.interrupt_by_parent = True
        self._begin(new)
        serves = self._will_serve(new)
        stays, goes = (new, old) if serves else (old, new)
        self.wrks[new.idx] = stays
        stays.interrupt_by_parent = False
        # It serves, or did for long: if it dies now, that is no start that fails again and again.
        self.respawned_wrks.pop(stays.idx, None)
        # Nobody was told if it died while there were two.
        if not stays.is_alive() and stays.idx not in self.interrupt_children:
            self.interrupt_children.append(stays.idx)
            self.main_loop_interrupt.set()
        if serves:
            self._end(goes)
        else:
            # One that starts hears no signal yet.
            goes.kill()
            goes.join()
            _forget(goes)

    def _will_serve(self, new: Any) -> bool:
        """Wait until a new worker serves, unless it dies or the whole desk is to end."""
        until, serves = time.monotonic() + START_SECONDS, self._serves[new.idx]
        while time.monotonic() < until and new.is_alive() and not self.interrupt_signal:
            if serves.wait(LOOK_SECONDS):
                time.sleep(LISTEN_SECONDS)
                break
        if self.interrupt_signal:
            return False
        if serves.is_set() and new.is_alive():
            return True
        logger.error("worker-%s is not replaced: its successor did not serve", new.idx + 1)
        return False

    def _end(self, worker: Any) -> None:
        worker.terminate()
        until = time.monotonic() + DRAIN_SECONDS
        while worker.is_alive() and time.monotonic() < until:
            if self.interrupt_signal:
                # It ends with all the others, which are given the same time.
                self.wrks.append(worker)
                return
            worker.join(LOOK_SECONDS)
        if worker.is_alive():
            logger.warning("worker-%s did not end by itself", worker.idx + 1)
            worker.kill()
            worker.join()
        _forget(worker)


def _forget(worker: Any) -> None:
    """What a process that is gone said of itself holds no more; what it has counted does."""
    # Imported before there is a folder for several, the library would measure one process.
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker._id())  # type: ignore[no-untyped-call]


def _end_when_alone(supervisor: int) -> None:
    """The next desk on the port would share it with a worker that outlives its own."""
    while os.getppid() == supervisor:
        # Sleeping fails now and then where a clock is set.
        select([], [], [], ALONE_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(DRAIN_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def _loaded(load: Callable[[], ASGIApp], serves: Event) -> ASGIApp:
    """In the worker: its app, which says when it has started."""
    Thread(target=_end_when_alone, args=(os.getppid(),), daemon=True).start()
    app = load()

    async def telling(scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                serves.set()

        await app(scope, receive, tell if scope["type"] == "lifespan" else send)

    return telling
