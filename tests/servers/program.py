"""The real program, started as a process the way `make run` starts it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

PROJECT = Path(__file__).resolve().parents[2]
BUILD_SECONDS = 240


class Program:
    def __init__(self, directory: Path, port: int, public_port: int) -> None:
        self.port = port
        self.log = directory / "program.log"
        self.database_url = f"sqlite:///{directory / 'desk.db'}"
        self.address = f"http://127.0.0.1:{public_port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if key != "REDIS_URL"}
        return clean | {
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "DATABASE_URL": self.database_url,
            "ESCALATION_DEMO": "1",
            "ESCALATION_PUBLIC_URL": self.address,
        }

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

    def command(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "escalation_app.cli", *arguments],
            cwd=PROJECT,
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
