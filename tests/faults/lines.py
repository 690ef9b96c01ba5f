"""Which of the program's processes holds the other end of a tab's line."""

from contextlib import suppress
from pathlib import Path

from tests.clients.plain_tab import PlainTab
from tests.servers.program import Program


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
        here, there = (int(end.rpartition(":")[2], 16) for end in parts[1:3])
        if (here, there) == (from_port, to_port):
            return parts[9]
    raise LookupError(f"there is no line from port {to_port}")
