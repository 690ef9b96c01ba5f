"""The framework's production server, with what it leaves out: a worker that dies is started again."""

import sys
from typing import Any

from granian import server
from reflex.reflex import cli

# After SIGTERM, what is under way may end for so long.
DRAIN_SECONDS = 8


class LastingServer(server.Server):
    """The framework gives no way to ask for these."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        lasting = {
            "respawn_failed_workers": True,
            "respawn_interval": 0.5,
            "workers_kill_timeout": DRAIN_SECONDS,
        }
        super().__init__(*arguments, **(options | lasting))


def main() -> None:
    """`reflex run …`, on this server."""
    server.Server = LastingServer
    sys.exit(cli())


if __name__ == "__main__":
    main()
