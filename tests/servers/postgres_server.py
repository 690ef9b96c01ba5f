"""A PostgreSQL of our own: a cluster on a free port, ended with what started it."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from tests.servers.ports import free_port

# Nothing that a test wrote must outlast the machine. Autovacuum would go through all the databases
# of the tests, again and again.
FOR_TESTS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


def binary(name: str) -> str:
    """Where one of PostgreSQL's programs is."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    assert path, f"{name} is missing"
    return path


class PostgresServer:
    """Its cluster is a new one, unless a folder is given that may hold one already."""

    def __init__(
        self, directory: Path | None = None, settings: Mapping[str, str] = FOR_TESTS
    ) -> None:
        self.port = free_port()
        self._settings = settings
        # Not below pytest's folder, which only root may enter, while PostgreSQL refuses to be root.
        self._directory = directory or Path(tempfile.mkdtemp(prefix="desk-postgres-"))
        self._data = self._directory / "cluster"
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            self._as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(self._directory, account.pw_uid, account.pw_gid)

    def start(self) -> None:
        if not self._data.exists():
            self._make_cluster()
        self.resume()

    def _make_cluster(self) -> None:
        subprocess.run(
            [binary("initdb"), "-D", self._data, "-U", "desk", "-A", "trust", "-E", "UTF8", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **self._as_user,
        )

    def resume(self) -> None:
        """Start on the cluster that is there, at first or after a stop."""
        self._process = subprocess.Popen(
            [
                binary("postgres"),
                "-D",
                self._data,
                "-p",
                str(self.port),
                "-h",
                "127.0.0.1",
                "-k",
                self._data,
                *(f"--{name}={value}" for name, value in self._settings.items()),
                "--max_connections=200",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._as_user,
        )
        for _ in range(200):
            ready = subprocess.run(
                [binary("pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)],
                stdout=subprocess.DEVNULL,
                check=False,
            )
            # A port that somebody else took would leave our process dead.
            assert self._process.poll() is None, "PostgreSQL did not start"
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def new_database(self, name: str = "", *, copied_from: str = "template1") -> str:
        name = name or f"desk{next(self._numbers)}"
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "desk"]
        subprocess.run([binary("createdb"), *where, "-T", copied_from, name], check=True)
        return self.url(name)

    def url(self, name: str) -> str:
        """Where a database that is there is found."""
        return f"postgresql://desk@127.0.0.1:{self.port}/{name}"

    def freeze(self) -> None:
        """It keeps its connections, takes new ones, and answers nothing."""
        self._tell_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._tell_all(signal.SIGCONT)

    def _tell_all(self, sign: signal.Signals) -> None:
        """Itself first, which starts the process of each connection."""
        assert self._process
        own = self._process.pid
        self._process.send_signal(sign)
        for number in Path(f"/proc/{own}/task/{own}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(number), sign)

    def stop(self) -> None:
        """At once, as when the machine is switched off: open connections are dropped."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)
