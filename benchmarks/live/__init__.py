"""The live half: how fast and how cheaply a committed change reaches every open tab, beside the peers."""

import sys
import time
from collections.abc import Iterator

from benchmarks.live import fan_out, first_load, many_views, memory, painted, reconnect
from benchmarks.result import Options, Result, attempted
from benchmarks.servers import Grounds, standing

PARTS = (fan_out, many_views, painted, memory, reconnect, first_load)


def rows(options: Options) -> Iterator[Result]:
    """All rows of the live half, on one Redis and one database that is made for the run."""
    with standing(cases=80 if options.quick else 300) as grounds:
        for part in PARTS:
            yield from _told(part.__name__, grounds, options)


def _told(name: str, grounds: Grounds, options: Options) -> Iterator[Result]:
    begun = time.monotonic()
    yield from attempted(name, sys.modules[name].rows(grounds, options))
    sys.stderr.write(f"{name.rsplit('.', 1)[-1]}: {time.monotonic() - begun:.0f} s\n")
