"""What the container image is made of is what the tests ran on."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import redis
import yaml
from pydantic import AliasChoices

from escalation_app.settings import Settings
from tests.servers.ports import free_port
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer

PROJECT = Path(__file__).resolve().parents[1]


def pinned(lock: str) -> dict[str, str]:
    """Each package with its version, condition and hashes."""
    blocks = re.split(r"\n(?=[a-z])", (PROJECT / lock).read_text())
    without_comments = (
        "\n".join(re.sub(r"\s*#.*", "", line) for line in block.splitlines()) for block in blocks
    )
    pins = (re.match(r"([\w.-]+)(\[\w+\])?==.*", block, re.S) for block in without_comments)
    return {pin[1]: re.sub(r"\s+", " ", pin[0]).strip() for pin in pins if pin}


def versions(pins: dict[str, str]) -> dict[str, str]:
    return {name: pin.split()[0].partition("==")[2] for name, pin in pins.items()}


def test_the_image_has_the_tested_versions_and_none_of_the_tools() -> None:
    serving, all_pins = (
        versions(pinned("requirements.serve.lock")),
        versions(pinned("requirements.lock")),
    )
    assert serving.items() <= all_pins.items()
    assert "granian" in serving
    assert not {"pytest", "playwright", "hypothesis", "mypy"} & set(serving)


def test_all_that_the_image_is_made_of_is_there() -> None:
    kept = (PROJECT / ".dockerignore").read_text().splitlines()
    names = [line.removeprefix("!") for line in kept if line.startswith("!")]
    assert [name for name in names if not (PROJECT / name).exists()] == []


def test_the_composed_desk_keeps_its_database_on_a_volume_and_runs_as_nobody() -> None:
    services = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]
    assert services["database"]["volumes"] == ["database:/var/lib/postgresql/data"]
    assert services["desk"]["cap_drop"] == ["ALL"]
    assert services["desk"]["ports"] == ["127.0.0.1:3000:3000"]
    assert "USER desk" in (PROJECT / "Dockerfile").read_text().splitlines()
    assert all("healthcheck" in services[name] for name in ("database", "redis"))


# The demo, and what the image or the server itself sets.
NOT_OF_COMPOSE = {"ESCALATION_DEMO", "ESCALATION_PAGE_EVALUATION", "PROMETHEUS_MULTIPROC_DIR"}
NOT_OF_COMPOSE |= {"PORT", "HOST"}
# What compose asks for, and refuses to start without.
ASKED_FOR = {
    "POSTGRES_PASSWORD": "letters4digits",
    "REDIS_PASSWORD": "digits5letters",
    "ESCALATION_SECRET_KEY": "k" * 43,
}


def filled_in(text: str, given: Mapping[str, str]) -> str:
    """With what stands in compose's own surroundings in the place of its names."""

    def value_of(reference: re.Match[str]) -> str:
        name, sign, other = reference.groups()
        value = given.get(name, "")
        assert value or sign != "?", f"{name}: {other}"
        return (other if value else "") if sign == "+" else value or other

    return re.sub(r"\$\{(\w+):([-+?])([^}]*)\}", value_of, text)


def composed(given: Mapping[str, str], service: str = "desk") -> dict[str, str]:
    """A service's surroundings as compose makes them of its own."""
    chosen = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"][service]
    return {name: filled_in(str(value), given) for name, value in chosen["environment"].items()}


def test_the_head_of_compose_yaml_names_all_that_it_asks_for() -> None:
    head, asks = (PROJECT / "compose.yaml").read_text().split("\nname:")
    export = next(line for line in head.splitlines() if "export " in line)
    assert set(re.findall(r"\$\{(\w+):\?", asks)) <= set(re.findall(r"(\w+)=", export))
    assert set(re.findall(r"\$\{(\w+):\?", asks)) == set(ASKED_FOR)


@pytest.fixture
def composed_redis(tmp_path: Path) -> Iterator[int]:
    """The port of a Redis that was started with compose's command."""
    port = free_port()
    chosen = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]["redis"]
    command = [filled_in(part, ASKED_FOR) for part in chosen["command"]]
    here = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    with subprocess.Popen([*command, *here], stdout=subprocess.DEVNULL) as process:
        yield port
        process.terminate()


def healthy(port: int, password: str) -> bool:
    """Whether compose's own check takes it for that."""
    check = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]["redis"]
    _, program, *arguments = check["healthcheck"]["test"]
    surroundings = composed(ASKED_FOR | {"REDIS_PASSWORD": password}, "redis")
    asked = [program, "-p", str(port), *arguments]
    done = subprocess.run(asked, env=os.environ | surroundings, capture_output=True, check=False)
    return done.returncode == 0


def test_the_composed_redis_answers_the_desk_and_nobody_without_its_password(
    composed_redis: int, tmp_path: Path
) -> None:
    url = composed(ASKED_FOR)["REDIS_URL"].replace("redis:6379", f"127.0.0.1:{composed_redis}")
    deadline = time.monotonic() + 10
    while not healthy(composed_redis, ASKED_FOR["REDIS_PASSWORD"]):
        assert time.monotonic() < deadline
    assert not healthy(composed_redis, "another")
    with redis.Redis(port=composed_redis) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with redis.Redis.from_url(url) as desk:
        desk.set("what a tab shows", "a message")
        assert desk.config_get("save") == {"save": ""}
        desk.shutdown()
    assert list(tmp_path.iterdir()) == []


def test_whatever_can_be_chosen_can_be_chosen_with_compose() -> None:
    names = {
        str(field.validation_alias.choices[0])
        if isinstance(field.validation_alias, AliasChoices)
        else name.upper()
        for name, field in Settings.model_fields.items()
    }
    assert names - NOT_OF_COMPOSE <= set(composed(ASKED_FOR))


def test_what_is_not_chosen_with_compose_is_as_it_is_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = {"database_url", "redis_url", "secret_key", "public_url_override", "log_format"}
    with monkeypatch.context() as without:
        for name in composed(ASKED_FOR):
            without.delenv(name, raising=False)
        usual = Settings().model_dump(exclude=named)
        for name, value in composed(ASKED_FOR).items():
            without.setenv(name, value)
        assert Settings().model_dump(exclude=named) == usual


def asked(question: str, port: int, **chosen: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "escalation_app.cli", question],
        cwd=PROJECT,
        env=os.environ | {"PORT": str(port)} | chosen,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("question", ["is-alive", "is-ready"])
def test_where_nobody_answers_the_desk_is_neither_alive_nor_ready(question: str) -> None:
    answer = asked(question, free_port())
    assert (answer.returncode, answer.stderr) == (1, "No answer: ConnectError.\n")


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: a test has nobody to tell."""


@pytest.mark.parametrize("question", ["is-alive", "is-ready"])
def test_the_desk_is_asked_where_it_listens_and_never_through_a_proxy(question: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with HTTPServer(("127.0.0.2", 0), Healthy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        answer = asked(question, server.server_port, HOST="127.0.0.2", HTTP_PROXY=nobody)
        server.shutdown()
    assert (answer.returncode, answer.stderr) == (0, "")


def test_without_redis_the_desk_is_alive_and_not_ready_and_its_container_is_healthy(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    port = free_port()
    program = Program(tmp_path, port, port, redis_url=redis_server.url)
    check = re.search(r"HEALTHCHECK.*?CMD (\[.*?\])", (PROJECT / "Dockerfile").read_text(), re.S)
    assert check
    *_, in_the_image = json.loads(check[1])
    try:
        program.start()
        assert asked("is-ready", port).returncode == 0
        redis_server.freeze()
        deadline = time.monotonic() + 30
        while asked("is-ready", port).returncode == 0:
            assert time.monotonic() < deadline
        assert asked(in_the_image, port).returncode == 0
    finally:
        redis_server.thaw()
        program.stop()
