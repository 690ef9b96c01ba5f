"""What the framework's programs are told by their environment. It has no other way."""

import os
import sys
from pathlib import Path

from escalation_app.settings import LogFormat, settings

# The framework looks for `npm` there. It comes with Node's wheel.
PROGRAMS = Path(sys.executable).parent
TOLD = {
    # The other package manager would be downloaded.
    "REFLEX_USE_NPM": "1",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    # A log line must not fail for what somebody put into it, and with it all that follow.
    "PYTHONIOENCODING": "utf-8:backslashreplace",
    # Nobody's text decides what the next line begins with.
    "COLUMNS": "10000",
    # A dead socket is noticed after 15 s instead of 145 s, and not by asking more often than that needs.
    "REFLEX_SOCKET_INTERVAL": "8s",
    "REFLEX_SOCKET_TIMEOUT": "7s",
    "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
    "NPM_CONFIG_FUND": "false",
    "NPM_CONFIG_AUDIT": "false",
}


def surroundings() -> dict[str, str]:
    """The environment of this process, and what the framework must be told."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"
    return os.environ | {"PATH": path} | TOLD | _framework_log(settings().log_format)


def _framework_log(chosen: LogFormat) -> dict[str, str]:
    """What the framework prints while it builds; it must not start itself once more to do so."""
    if chosen is LogFormat.TEXT:
        return {}
    return {"REFLEX_LOG_JSON": "true", "REFLEX_OUTPUT_SUPERVISED": "here"}
