"""The machine that a run was on, and what was installed."""

import os
import platform
from importlib import metadata
from pathlib import Path

import psutil

LIBRARIES = (
    "reflex",
    "granian",
    "uvloop",
    "python-socketio",
    "python-engineio",
    "starlette",
    "sqlalchemy",
    "aiosqlite",
    "asyncpg",
    "websockets",
    "nicegui",
    "uvicorn",
    "playwright",
)


def description() -> dict[str, str]:
    """By name, in the order in which they are read."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return {
        "CPU": _cpu_model(),
        "Cores": str(psutil.cpu_count()),
        "Memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "Kernel": platform.release(),
        "Python": platform.python_version(),
        "Load at the start": load,
        "Libraries": ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES),
    }


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
