"""A model of our own: a process on a free port, known by a token, that goes wrong as it is told.

By hand: `python -m tests.servers.fake_openai --port 9000 --fault fine`, then
`OPENAI_BASE_URL=http://127.0.0.1:9000/v1`. A model named `fault:hang` hangs, whatever is set.
"""

import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from tests.servers.openai_process import main
from tests.servers.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]


class FakeOpenAI:
    def __init__(self) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        self._token = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._control = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}/control/",
            headers={"x-token": self._token},
            trust_env=False,
        )

    def start(self) -> None:
        command = ["-m", "tests.servers.fake_openai", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, *command, "--token", self._token], cwd=PROJECT
        )
        for _ in range(200):
            # A port that somebody else took would leave our process dead.
            assert self._process.poll() is None, "the fake model did not start"
            try:
                # Another server on this port would not know the token.
                if self._control.get("hello").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError("the fake model did not start")

    def suffer(self, fault: str) -> None:
        """From now on this fault, and no memory of earlier requests."""
        self._control.put("fault", json={"fault": fault}).raise_for_status()

    def requests(self) -> list[dict[str, Any]]:
        """What was asked since the last `suffer`: path, headers and body of each."""
        return self._control.get("requests").raise_for_status().json()

    def stop(self) -> None:
        self._control.close()
        if self._process:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


if __name__ == "__main__":
    main()
