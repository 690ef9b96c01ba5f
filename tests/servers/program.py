"""The real program, started as a process the way `make run` starts it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx

from escalation_app.db.engine import Database
from escalation_app.integrations.bus import make_bus
from escalation_app.integrations.sealer import make_sealer
from escalation_app.services.desk import Desk
from escalation_app.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
# Not the one that a developer may be serving at this moment.
FRONT_END = PROJECT / "data" / "front-end-of-tests"
BUILD_SECONDS = 240
# Servers and keys of whoever runs the tests are none of the tests' business.
NOT_OURS = {
    "ESCALATION_SECRET_KEY",
    "REDIS_URL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
}
# The demo's is the developer's.
KEY = "a key that the tests' processes share"
T = TypeVar("T")


class Program:
    """Several can run beside each other: the front end is the same for all, and built once."""

    def __init__(
        self,
        directory: Path,
        port: int,
        public_port: int,
        database_url: str = "",
        redis_url: str = "",
        model_url: str = "",
        surroundings: Mapping[str, str] | None = None,
    ) -> None:
        self.port = port
        self.log = directory / "program.log"
        self.database_url = database_url or f"sqlite:///{directory / 'desk.db'}"
        self.address = f"http://127.0.0.1:{public_port}"
        self._chosen = {"REDIS_URL": redis_url, "OPENAI_BASE_URL": model_url}
        self._chosen |= surroundings or {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        # On SQLite the demo keeps a key of its own, in the test's folder.
        key = {} if self.database_url.startswith("sqlite") else {"ESCALATION_SECRET_KEY": KEY}
        clean = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        own = {
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "DATABASE_URL": self.database_url,
            "ESCALATION_DEMO": "1",
            # As strict as outside of the demo.
            "ESCALATION_PAGE_EVALUATION": "0",
            "ESCALATION_PUBLIC_URL": self.address,
            "REFLEX_WEB_WORKDIR": str(FRONT_END),
        }
        return clean | key | own | {name: value for name, value in self._chosen.items() if value}

    def from_outside(self, work: Callable[[Desk], Coroutine[Any, Any, T]]) -> T:
        """Do this on the program's database, as another process of the desk would."""

        async def with_desk() -> T:
            database, bus = Database(self.database_url), make_bus(self._chosen["REDIS_URL"] or None)
            key_file = Settings(database_url=self.database_url).key_file
            sealer = make_sealer(self.environment.get("ESCALATION_SECRET_KEY"), key_file)
            try:
                return await work(Desk(database, bus.announce, sealer=sealer))
            finally:
                await bus.close()
                await database.close()

        # A thread of its own: the browser's driver keeps an event loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, with_desk()).result()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "escalation_app.cli", "run"],
            cwd=PROJECT,
            env=self.environment,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        deadline = time.monotonic() + BUILD_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self.log.read_text()
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.3)
        raise RuntimeError(self.log.read_text())

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def workers(self) -> list[int]:
        """The processes that serve, by their numbers, the one that has lived longest first."""
        assert self._process is not None
        own = self._process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text()
        return [int(number) for number in children.split()]

    def kill_a_worker(self) -> None:
        """The one that has lived longest: one that dies as soon as it lives is taken for broken."""
        os.kill(self.workers[0], signal.SIGKILL)

    def kill_what_looks_after_its_workers(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def restart_its_workers(self) -> None:
        """Begin to replace them one after the other; it goes on serving."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def end(self, within: float) -> int:
        """SIGTERM to the process that was started, and how it ended.

        Raises:
            TimeoutExpired: It was still there after so many seconds.
        """
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(within)

    def command(self, *arguments: str) -> str:
        """What it says."""
        done = subprocess.run(
            [sys.executable, "-m", "escalation_app.cli", *arguments],
            cwd=PROJECT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def memory(self) -> int:
        """Bytes in memory, of all its processes."""
        assert self._process
        group = self._process.pid
        pages = 0
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.getpgid(int(process.name)) == group:
                    pages += int((process / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
