"""A file system of our own in memory, so small that it is soon full to the last byte."""

import contextlib
import os
import subprocess
from pathlib import Path
from typing import Self

PAGE = os.sysconf("SC_PAGE_SIZE")
MEGABYTES = 32


class SmallDisk:
    """Mounted on an empty folder until the block ends."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._ballast = directory / "ballast"
        self._as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]

    def __enter__(self) -> Self:
        options = f"size={MEGABYTES}m,mode=700,uid={os.geteuid()},gid={os.getegid()}"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.directory)]
        mounted = subprocess.run([*self._as_root, *command], capture_output=True, text=True)
        assert mounted.returncode == 0, (
            f"A full disk needs a disk, and none can be mounted here: {mounted.stderr.strip()} "
            "Please run the tests as root, in a container with --cap-add SYS_ADMIN."
        )
        self._ballast.touch()
        return self

    def __exit__(self, *_: object) -> None:
        # Lazily, so that it goes even if a process should still hold a file.
        subprocess.run([*self._as_root, "umount", "--lazy", str(self.directory)], check=True)

    @property
    def free_pages(self) -> int:
        found = os.statvfs(self.directory)
        return found.f_bavail * found.f_frsize // PAGE

    def fill(self) -> None:
        """Until not one byte can be written."""
        # The last write says that there is no room, which is what it is for.
        with self._ballast.open("ab") as file, contextlib.suppress(OSError):
            while True:
                os.write(file.fileno(), bytes(PAGE))
        assert self.free_pages == 0

    def give_back(self, pages: int = 0) -> None:
        """So many pages of what `fill` took, or all of it."""
        size = self._ballast.stat().st_size if pages else 0
        os.truncate(self._ballast, max(0, size - pages * PAGE))
