"""The framework's production server, with what it leaves out.

A worker that dies is started again and its gauges go with it; the server's lines are the log's.
"""

import os
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from typing import Any

from granian import server
from reflex.utils.exec import run_backend_prod
from reflex_base import constants
from reflex_base.environment import environment

from escalation_app import front_end, logs
from escalation_app.settings import settings

# After SIGTERM, what is under way may end for so long.
DRAIN_SECONDS = 8
# All goes to the log, which is everybody's.
LOGGERS: dict[str, Any] = {
    name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")
}


class LastingServer(server.Server):
    """The framework gives no way to ask for these."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        lasting = {
            "respawn_failed_workers": True,
            "respawn_interval": 0.5,
            "workers_kill_timeout": DRAIN_SECONDS,
            "log_dictconfig": {"handlers": {}, "loggers": LOGGERS},
        }
        super().__init__(*arguments, **(options | lasting))

    def _respawn_workers(self, workers: Sequence[int], *arguments: Any, **options: Any) -> None:
        """What a process that is gone said of itself holds no more; what it has counted does."""
        leaving = [self.wrks[number] for number in workers]
        _forget([worker for worker in leaving if not worker.is_alive()])
        super()._respawn_workers(workers, *arguments, **options)
        _forget(leaving)


def _forget(workers: Sequence[Any]) -> None:
    # Imported before there is a folder for several, the library would measure one process.
    from prometheus_client.multiprocess import mark_process_dead

    for worker in workers:
        mark_process_dead(worker._id())  # type: ignore[no-untyped-call]


def main() -> None:
    """Build the front end if it has changed, and serve it with the desk until told to end."""
    logs.install(people_are_served=False)
    front_end.build()
    server.Server = LastingServer
    # What `reflex run --env prod` does after it has built, which it would always do.
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    run_backend_prod(
        settings().host,
        settings().port,
        constants.LogLevel.WARNING,
        mount_frontend_compiled_app=True,
    )


if __name__ == "__main__":
    # Before anything is measured: by then it is settled whether there are several processes.
    with TemporaryDirectory(prefix="escalation-desk-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        main()
