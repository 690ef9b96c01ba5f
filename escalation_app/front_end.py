"""The built front end: made once for what it is made of, and the same under every address."""

import gzip
import hashlib
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import reflex as rx
from reflex.utils.path_ops import file_lock
from reflex.utils.prerequisites import get_web_dir

from escalation_app import logs

log = logging.getLogger(__name__)
PROJECT = Path(__file__).resolve().parent.parent
# Taken for the desk's own address while building. Nothing is ever served there.
PLACEHOLDER = "desk.invalid"
MADE_OF = (
    "rxconfig.py",
    "requirements.lock",
    "reflex.lock",
    "assets",
    "examples",
    "escalation_app",
)
STAMP = "built-of"


class OwnAddress(rx.plugins.Plugin):
    """The framework builds the server's address into the front end; ours asks the page where it is.

    So one build serves every address, and a page can reach no other server than its own.
    """

    def post_build(self, **context: Any) -> None:
        """Raises RuntimeError: the framework keeps its addresses in another place by now."""
        named = [*Path(context["static_dir"]).glob("assets/reflex-env-*.js")]
        if len(named) != 1:
            raise RuntimeError("The front end's addresses are not where they were.")
        relative = at_the_pages_address(named[0].read_text())
        named[0].write_text(relative)
        compressed = named[0].with_name(f"{named[0].name}.gz")
        if compressed.exists():
            compressed.write_bytes(gzip.compress(relative.encode()))


def at_the_pages_address(script: str) -> str:
    """The script with each of its addresses taken from where the page was loaded.

    Raises:
        RuntimeError: There is an address in it that is not written as expected.
    """
    secure_or_not = "location.origin.replace(/^http/,`ws`)+`"
    script = script.replace(f"`http://{PLACEHOLDER}", "location.origin+`")
    script = script.replace(f"`ws://{PLACEHOLDER}", secure_or_not)
    if PLACEHOLDER in script or secure_or_not not in script:
        raise RuntimeError("The front end's addresses are not written as they were.")
    return script


def build() -> None:
    """Build it unless what is built was made of the same. It takes half a minute.

    Raises:
        SystemExit: It can't be built; the framework has said why.
    """
    stamp = get_web_dir() / STAMP
    with file_lock(stamp):
        made_of = _digest()
        if stamp.is_file() and stamp.read_text() == made_of:
            return
        log.info("Building the front end: about half a minute.")
        stamp.unlink(missing_ok=True)
        _export()
        stamp.write_text(made_of)


def must_be_built() -> None:
    """Raises SystemExit: it is not, or of something else; where it can't be built it would never be."""
    stamp = get_web_dir() / STAMP
    if not stamp.is_file() or stamp.read_text() != _digest():
        sys.exit("The front end is not built of what is here.")


def _export() -> None:
    # A process of its own: the server does not need the memory that this takes.
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    surroundings = os.environ | {"COLUMNS": "80"}
    command += ["--loglevel", "warning"]
    if subprocess.run(command, cwd=PROJECT, env=surroundings, check=False).returncode:
        sys.exit("The front end could not be built.")


def _digest() -> str:
    """Of all that the front end is made of."""
    digest = hashlib.sha256()
    for file in _files():
        digest.update(f"{file.relative_to(PROJECT)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for name in MADE_OF:
        path = PROJECT / name
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and not file.is_symlink() and "__pycache__" not in file.parts:
                yield file


if __name__ == "__main__":
    logs.install(people_are_served=False)
    build()
