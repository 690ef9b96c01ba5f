"""The servers of a run: the desk and its peers, each a process of its own with measured CPU and memory."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from benchmarks.hand import PROJECT, SECRET_KEY, make_database
from tests.servers.ports import free_port
from tests.servers.program import FRONT_END
from tests.servers.redis_server import RedisServer

START_SECONDS = 300
RXCONFIG = """import reflex as rx

config = rx.Config(
    app_name="peer",
    app_module_import="benchmarks.peers.{name}",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    disable_plugins=[rx.plugins.SitemapPlugin],
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    api_url="http://127.0.0.1:{port}",
    deploy_url="http://127.0.0.1:{port}",
)
"""
REFLEX = {
    "REFLEX_USE_NPM": "1",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "NPM_CONFIG_FUND": "false",
    "NPM_CONFIG_AUDIT": "false",
}


@dataclass(frozen=True)
class Usage:
    """Seconds of CPU and bytes of memory of all processes of a server, at a moment."""

    cpu: float
    memory: int


class Server:
    """A server in a process group of its own, on a copy of the run's database."""

    def __init__(
        self, name: str, directory: Path, command: list[str], environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.directory = directory
        self._command, self._environment = command, environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.directory / f"{self.name}.log"

    def start(self) -> None:
        """Return once it answers. It may be started again after it was killed."""
        filled = [part.format(port=self.port) for part in self._command]
        surroundings = {k: v.format(port=self.port) for k, v in self._environment.items()}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        clean = {
            k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "ESCALATION_"))
        }
        self._process = subprocess.Popen(
            filled,
            cwd=self._working_directory(),
            env=clean | {"PATH": path, "PYTHONPATH": str(PROJECT)} | surroundings,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def usage(self) -> Usage:
        cpu, memory = 0.0, 0
        for process in self._tree():
            times = process.cpu_times()
            cpu += times.user + times.system
            memory += process.memory_info().rss
        return Usage(cpu, memory)

    def kill(self) -> None:
        """At once, as in a crash."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, number)
        if number == signal.SIGKILL:
            self._process.wait()

    def _tree(self) -> list[psutil.Process]:
        assert self._process is not None
        root = psutil.Process(self._process.pid)
        return [root, *root.children(recursive=True)]

    def _working_directory(self) -> Path:
        return PROJECT


class ReflexServer(Server):
    """One of the peers that are Reflex apps, in a folder of its own."""

    def __init__(
        self, name: str, directory: Path, environment: Mapping[str, str], more: str
    ) -> None:
        command = [sys.executable, "-m", "reflex", "run", "--env", "prod", "--loglevel", "warning"]
        command += ["--backend-host", "127.0.0.1", "--backend-port", "{port}", more]
        super().__init__(name, directory, command, REFLEX | dict(environment))
        self._app = directory / name

    def start(self) -> None:
        self._app.mkdir(exist_ok=True)
        text = RXCONFIG.format(name=self.name, port=self.port)
        (self._app / "rxconfig.py").write_text(text)
        super().start()

    def _working_directory(self) -> Path:
        return self._app


@dataclass(frozen=True)
class Grounds:
    """What all servers of a run stand on."""

    directory: Path
    database: Path
    redis_url: str

    def copy(self, name: str) -> Path:
        """The run's database once more, as it was at the beginning."""
        file = self.directory / f"{name}.db"
        for stale in self.directory.glob(f"{name}.db*"):
            stale.unlink()
        shutil.copy(self.database, file)
        return file

    def desk(self, *, redis: bool = True) -> tuple[Server, Path]:
        """The desk with one process, as `make run` starts it; `redis` as in production."""
        file = self.copy("desk")
        environment = {
            "PORT": "{port}",
            "HOST": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{file}",
            "ESCALATION_SECRET_KEY": SECRET_KEY,
            "ESCALATION_DEMO": "0",
            "ESCALATION_WORKERS": "1",
            "ESCALATION_PUBLIC_URL": "http://127.0.0.1:{port}",
            "REFLEX_WEB_WORKDIR": str(FRONT_END),
        }
        if redis:
            environment["REDIS_URL"] = self.redis_url
        command = [sys.executable, "-m", "escalation_app.cli", "run"]
        return Server("desk", self.directory, command, environment), file

    def bare(self) -> tuple[Server, Path]:
        return self._peer("bare")

    def nicegui(self) -> tuple[Server, Path]:
        return self._peer("nicegui_list")

    def usual(self) -> tuple[Server, Path]:
        file = self.copy("usual")
        environment = {"PEER_DATABASE": str(file), "PEER_REDIS_URL": self.redis_url}
        return ReflexServer("reflex_usual", self.directory, environment, "--backend-only"), file

    def blank(self) -> Server:
        return ReflexServer("reflex_blank", self.directory, {}, "--single-port")

    def _peer(self, name: str) -> tuple[Server, Path]:
        file = self.copy(name)
        command = [sys.executable, "-m", f"benchmarks.peers.{name}", "--port", "{port}"]
        environment = {"PEER_DATABASE": str(file), "PEER_REDIS_URL": self.redis_url}
        return Server(name, self.directory, command, environment), file


@contextmanager
def standing(cases: int) -> Iterator[Grounds]:
    """A Redis and a database of so many cases, for one run, in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="desk-benchmark-") as folder:
        directory = Path(folder)
        make_database(directory / "cases.db", cases)
        redis = RedisServer(folder)
        redis.start()
        try:
            yield Grounds(directory, directory / "cases.db", redis.url)
        finally:
            redis.kill()
