"""What a change costs the server, when it arrives, how much is sent, and what a burst does."""

import asyncio
from collections.abc import Iterator

from benchmarks.live.sessions import Lengths, Session, session
from benchmarks.result import Figure, Options, Result
from benchmarks.servers import Grounds

PEERS = {
    "desk": "desk",
    "bare": "bare broadcast",
    "nicegui": "NiceGUI",
    "usual": "Reflex's usual way",
}
BESIDE = "a bare Starlette websocket broadcast, NiceGUI, Reflex's usual way"
Sessions = dict[str, Session]


def rows(grounds: Grounds, options: Options) -> Iterator[Result]:
    lengths = Lengths.of(quick=options.quick)
    found = {name: asyncio.run(session(grounds, name, lengths)) for name in PEERS}
    for judged in (_cpu(found), _latency(found), _burst(found), _wire(found)):
        yield judged if not options.quick else judged.unjudged()


def _cpu(found: Sessions) -> Result:
    figures: dict[str, Figure] = {}
    for size in ("few", "many"):
        for name, title in PEERS.items():
            steady = getattr(found[name], size)
            figures[f"{title}, {steady.tabs} tabs"] = (steady.cpu_ms, "ms")
        for name, title in PEERS.items():
            steady = getattr(found[name], size)
            figures[f"{title}, {steady.tabs} tabs, beyond rest"] = (
                steady.cpu_ms_beyond_rest,
                "ms",
            )
    reached = all(
        _ratio(found, size, "bare") <= 2.5
        and _ratio(found, size, "nicegui") <= 0.2
        and _ratio(found, size, "usual") <= 0.2
        for size in ("few", "many")
    )
    ratios = "; ".join(
        f"{getattr(found['desk'], size).tabs} tabs: {_ratio(found, size, 'bare'):.2f} times bare, "
        f"{_ratio(found, size, 'nicegui'):.2f} of NiceGUI, {_ratio(found, size, 'usual'):.2f} of the usual way"
        for size in ("few", "many")
    )
    return Result(
        what="Server CPU per change and tab, 2 changes/s, everything real",
        beside=BESIDE,
        reach="at most 2.5 times the bare broadcast, at most a fifth of NiceGUI and of the usual way",
        figures=figures,
        reached=reached,
        note=f"{ratios}. All CPU of the server's processes in the time, heartbeats and looks "
        "included; “beyond rest” leaves out what as many tabs cost when nothing changes.",
    )


def _ratio(found: Sessions, size: str, peer: str) -> float:
    other = getattr(found[peer], size).cpu_ms
    return float(getattr(found["desk"], size).cpu_ms / other) if other else float("inf")


def _latency(found: Sessions) -> Result:
    figures: dict[str, Figure] = {}
    for name, title in PEERS.items():
        few = found[name].few
        figures[f"{title}, median"] = (few.median, "ms")
        figures[f"{title}, p99"] = (few.p99, "ms")
    desk, bare = found["desk"].few, found["bare"].few
    return Result(
        what=f"Latency from commit to client, {desk.tabs} tabs",
        beside=BESIDE,
        reach="median at most 3 times the bare broadcast's, p99 under 50 ms",
        figures=figures,
        reached=desk.median <= 3 * bare.median and desk.p99 < 50 and not desk.missed,
        note=f"Median {desk.median / bare.median:.2f} times the bare broadcast's.",
        series={PEERS[name]: sorted(found[name].few.latencies) for name in PEERS},
    )


def _burst(found: Sessions) -> Result:
    figures: dict[str, Figure] = {}
    for name, title in PEERS.items():
        burst = found[name].burst
        figures[f"{title}, every tab right after"] = (burst.right_after, "ms")
        figures[f"{title}, messages per tab"] = (burst.most_frames, "")
    desk = found["desk"].burst
    return Result(
        what=f"Burst: 200 changes in a second, {found['desk'].many.tabs} tabs",
        beside=BESIDE,
        reach="every tab right within 250 ms of the last change, at most 20 messages per tab",
        figures=figures,
        reached=desk.right_after <= 250 and desk.most_frames <= 20 and not desk.wrong,
        note=f"The changes took {desk.made_in:.2f} s to make.",
    )


def _wire(found: Sessions) -> Result:
    figures: dict[str, Figure] = {}
    for name, title in PEERS.items():
        few = found[name].few
        figures[title] = (few.bytes_per_change, "B")
    figures["desk, heartbeats in the whole time"] = (found["desk"].few.heartbeat_bytes, "B")
    return Result(
        what="Bytes on the wire per change and tab",
        beside="page-sized deltas (6.3 kB); the peers",
        reach="under 600 bytes",
        figures=figures,
        reached=found["desk"].few.bytes_per_change < 600,
        note="As they came from the network: NiceGUI compresses, the others do not.",
    )
