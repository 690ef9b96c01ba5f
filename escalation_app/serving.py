"""The framework's production server, with what it leaves out: a worker that dies is started again."""

from typing import Any

from granian import server
from reflex.utils.exec import run_backend_prod
from reflex_base import constants
from reflex_base.environment import environment

from escalation_app import front_end
from escalation_app.settings import settings

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
    """Build the front end if it has changed, and serve it with the desk until told to end."""
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
    main()
