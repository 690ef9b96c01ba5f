"""Build the front end if it has changed, and serve it with the desk."""

import errno
import logging
import os
import resource
import socket
import sys
import time
from tempfile import TemporaryDirectory

from granian import server
from reflex.utils.exec import run_backend_prod
from reflex_base import constants
from reflex_base.environment import environment

from escalation_app import front_end, logs
from escalation_app.lasting_server import (
    ALONE_SECONDS,
    DRAIN_SECONDS,
    MOST_CONNECTIONS,
    LastingServer,
)
from escalation_app.settings import settings

log = logging.getLogger(__name__)

# What a process has open besides its connections: to the database, Redis, receivers, and files.
OTHER_FILES = 1_024
# A desk that was killed a moment ago lets go of its port within this time.
FREE_SECONDS = ALONE_SECONDS + DRAIN_SECONDS + 1


def main() -> None:
    """Until told to end."""
    logs.install(people_are_served=False)
    if not _is_free(settings().host, settings().port):
        sys.exit(
            f"The desk can't be served: something else serves on port {settings().port} of "
            f"{settings().host}. Please end it, or choose another PORT."
        )
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


def _is_free(host: str, port: int) -> bool:
    """Workers share the port, and would share it with a stranger's too without a word."""
    if _binds(host, port):
        return True
    log.warning("something else serves on port %s; waiting for it to end", port)
    until = time.monotonic() + FREE_SECONDS
    while time.monotonic() < until:
        if _binds(host, port):
            return True
        time.sleep(0.1)
    return False


def _binds(host: str, port: int) -> bool:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as tried:
        # Connections that have just ended keep nobody out; who listens does.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


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
