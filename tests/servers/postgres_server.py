"""A PostgreSQL of our own: a fresh cluster on a free port, ended with the tests."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

from tests.servers.ports import free_port


def _binary(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    assert path, f"{name} is missing"
    return path


class PostgresServer:
    def __init__(self) -> None:
        self.port = free_port()
        # Not below pytest's folder, which only root may enter, while PostgreSQL refuses to be root.
        self._directory = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
        self._data = self._directory / "cluster"
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            self._as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(self._directory, account.pw_uid, account.pw_gid)

    def start(self) -> None:
        subprocess.run(
            [_binary("initdb"), "-D", self._data, "-U", "desk", "-A", "trust", "-E", "UTF8", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **self._as_user,
        )
        self.resume()

    def resume(self) -> None:
        """Start on the cluster that is there, at first or after a stop."""
        self._process = subprocess.Popen(
            [
                _binary("postgres"),
                "-D",
                self._data,
                "-p",
                str(self.port),
                "-h",
                "127.0.0.1",
                "-k",
                self._data,
                "-c",
                "fsync=off",
                # It would go through all the databases of the tests, again and again.
                "-c",
                "autovacuum=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "max_connections=200",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._as_user,
        )
        for _ in range(200):
            ready = subprocess.run(
                [_binary("pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)],
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
        subprocess.run([_binary("createdb"), *where, "-T", copied_from, name], check=True)
        return f"postgresql://desk@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """At once, as when the machine is switched off: open connections are dropped."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)
