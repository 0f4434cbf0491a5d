"""Simulated paths between a page and its server, and how well the clock sees through them.

Owns delays only. Both ways draw alike unless a path says otherwise: what is constantly slower
one way than the other shifts the offset by half of it, and no exchange of stamps can tell.
"""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.core import clock as clock_module
from server.core.clock import Clock, Probe
from tests.simulation.room import STEP_S

_TRUE_OFFSET_S = 1000.0
SAMPLES_A_SECOND = 10
_SAMPLE_S = 1 / SAMPLES_A_SECOND
STEPS_A_SAMPLE = round(_SAMPLE_S / STEP_S)
"""So many steps of a simulated room does one error of the clock last."""

Delay = Callable[[random.Random], float]


@dataclass(frozen=True)
class Path:
    """Delays of a packet each way, in seconds."""

    there: Delay
    back: Delay


@dataclass(frozen=True)
class Stepping:
    """A clock that is set anew: by how much, and when on the local clock, in seconds."""

    by_s: float
    at_s: float


STEADY = Stepping(0.0, math.inf)


def _both(delay: Delay) -> Path:
    return Path(delay, delay)


def _lan(draw: random.Random) -> float:
    return 0.000_15 + draw.expovariate(1 / 0.000_05)


def _wifi(draw: random.Random) -> float:
    spike_s = draw.expovariate(1 / 0.030) if draw.random() < 0.10 else 0.0
    return 0.001 + draw.expovariate(1 / 0.000_5) + spike_s


def _relay(draw: random.Random) -> float:
    """20 ± 10 ms, of which 2 % of sends stall."""
    stall_s = 0.200 if draw.random() < 0.02 else 0.0
    return draw.uniform(0.010, 0.030) + stall_s


def _far_there(draw: random.Random) -> float:
    return draw.uniform(0.090, 0.150)


def _far_back(draw: random.Random) -> float:
    return draw.uniform(0.050, 0.110)


PATHS: dict[str, Path] = {
    "lan": _both(_lan),
    "wifi": _both(_wifi),
    "relay 20±10": _both(_relay),
    "relay 100±30, asymmetric by 40": Path(_far_there, _far_back),
}


def errors_s(
    path: Path, seed: int, *, seconds: float, drift: float = 50e-6, stepping: Stepping = STEADY
) -> Iterator[float]:
    """Yield how far off a clock's idea of the server's is, `SAMPLES_A_SECOND` times a second.

    Args:
        path: The network between them.
        seed: Draws the delays.
        seconds: For how long; the first burst ends at about 0.
        drift: What the server's clock gains on the local one in a second.
        stepping: What else happens to the server's clock.
    """

    def true(local_s: float) -> float:
        stepped_s = stepping.by_s if local_s >= stepping.at_s else 0.0
        return local_s * (1.0 + drift) + _TRUE_OFFSET_S + stepped_s

    draw = random.Random(seed)
    clock = Clock()
    local_s, sample_s = 0.0, 0.0
    while local_s < seconds:
        probes = []
        local_s = max(local_s, clock.next_burst_at)
        while sample_s < local_s:
            if clock.synchronised:
                yield clock.server_now(sample_s) - true(sample_s)
            sample_s += _SAMPLE_S
        for _ in range(clock_module.PROBES_PER_BURST):
            sent_s, there_s, back_s = local_s, path.there(draw), path.back(draw)
            local_s += there_s + back_s
            arrived_s = true(sent_s + there_s)
            probes.append(Probe(sent_s, arrived_s, arrived_s, local_s))
        clock.add_burst(probes, local_s)
