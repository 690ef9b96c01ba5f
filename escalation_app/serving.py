"""Build the front end if it has changed, and serve it with the desk."""

import os
import resource
from tempfile import TemporaryDirectory

from granian import server
from reflex.utils.exec import run_backend_prod
from reflex_base import constants
from reflex_base.environment import environment

from escalation_app import front_end, logs
from escalation_app.lasting_server import MOST_CONNECTIONS, LastingServer
from escalation_app.settings import settings

# What a process has open besides its connections: to the database, Redis, receivers, and files.
OTHER_FILES = 1_024


def main() -> None:
    """Until told to end."""
    logs.install(people_are_served=False)
    front_end.build()
    _allow_files(MOST_CONNECTIONS + OTHER_FILES)
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


def _allow_files(wanted: int) -> None:
    """A connection is a file to the system, which often allows 1,024 of them unless asked for more."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


if __name__ == "__main__":
    # Before anything is measured: by then it is settled whether there are several processes.
    with TemporaryDirectory(prefix="escalation-desk-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        main()
