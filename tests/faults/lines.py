"""Who listens at the program's port, and which of its processes holds the end of a tab's line."""

from contextlib import suppress
from pathlib import Path

from tests.clients.plain_tab import PlainTab
from tests.servers.program import Program

LISTENS = "0A"


def listeners(program: Program) -> int:
    """How many processes take connections: each of them listens at the port by itself."""
    ends = (line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(_port(here) == program.port and state == LISTENS for here, _, state in ends)


def worker_of(program: Program, tab: PlainTab) -> int:
    """The number of the process.

    Raises:
        LookupError: None of them has it; perhaps the tab has no line just now.
    """
    inode = _inode(program.port, tab.port)
    for worker in program.workers:
        for open_file in Path(f"/proc/{worker}/fd").iterdir():
            with suppress(OSError):
                if str(open_file.readlink()) == f"socket:[{inode}]":
                    return worker
    raise LookupError(f"no worker has the line from port {tab.port}")


def _inode(from_port: int, to_port: int) -> str:
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if (_port(parts[1]), _port(parts[2])) == (from_port, to_port):
            return parts[9]
    raise LookupError(f"there is no line from port {to_port}")


def _port(end: str) -> int:
    return int(end.rpartition(":")[2], 16)
