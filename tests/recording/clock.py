"""Bursts of probes over made-up networks, and what the clock makes of them."""

import math
import random
from typing import Any

from server.core.clock import Clock, Probe

Json = dict[str, Any]


class _ClockScript:
    """Plays a script into a clock, and writes down what it says after each step."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._clock = Clock()
        self.steps: list[Json] = []

    def burst(self, local_s: float, offset_s: float, delay_s: float, jitter_s: float) -> None:
        probes: list[list[float]] = []
        sent_s = local_s
        for _ in range(8):
            there_s = delay_s + self._random.expovariate(1 / jitter_s)
            back_s = delay_s + self._random.expovariate(1 / jitter_s)
            arrived_s = sent_s + offset_s + there_s
            stamps = (sent_s, arrived_s, arrived_s + 0.0001, sent_s + there_s + back_s + 0.0001)
            probes.append([round(stamp, 6) for stamp in stamps])
            sent_s = probes[-1][3]
        self.probes(probes, round(sent_s, 6))

    def probes(self, probes: list[list[float]], local_s: float) -> None:
        self._clock.add_burst([Probe(*probe) for probe in probes], local_s)
        self._record({"do": "burst", "probes": probes, "local_s": local_s}, local_s)

    def wall(self, local_s: float, wall_s: float) -> None:
        dropped = self._clock.check_wall(local_s, wall_s)
        self._record(
            {"do": "wall", "local_s": local_s, "wall_s": wall_s, "dropped": dropped}, local_s
        )

    def epoch(self, local_s: float, epoch: str) -> None:
        dropped = self._clock.new_epoch(epoch, local_s)
        self._record(
            {"do": "epoch", "local_s": local_s, "epoch": epoch, "dropped": dropped}, local_s
        )

    def wake(self, local_s: float) -> None:
        self._clock.wake(local_s)
        self._record({"do": "wake", "local_s": local_s}, local_s)

    def _record(self, step: Json, local_s: float) -> None:
        clock = self._clock
        step["then"] = {
            "synchronised": clock.synchronised,
            "server_now": [clock.server_now(local_s + later_s) for later_s in (0.0, 0.2, 1.0)],
            "local_of": clock.local_of(local_s + 1000.0),
            "uncertainty_s": clock.uncertainty_s if clock.synchronised else None,
            "round_trip_s": clock.round_trip_s,
            "next_burst_at": clock.next_burst_at if math.isfinite(clock.next_burst_at) else None,
        }
        self.steps.append(step)


def _join(script: _ClockScript) -> None:
    for local_s in (5.0, 5.3, 5.6, 6.7, 7.8, 15.0, 17.1):
        script.burst(local_s, 1000.0, 0.002, 0.001)


def _drift(script: _ClockScript) -> None:
    for k in range(12):
        script.burst(5.0 + 2 * k, 1000.0 + 80e-6 * 2 * k, 0.001, 0.0002)


def _spikes(script: _ClockScript) -> None:
    for k in range(10):
        script.burst(5.0 + k, 1000.0, 0.001 if k % 4 else 0.03, 0.02)


def _server_clock_jumps(script: _ClockScript) -> None:
    for k, offset_s in enumerate((1000.0, 1000.0, 1001.0, 1000.0, 1001.0, 1001.0, 1001.0)):
        script.burst(5.0 + k, offset_s, 0.002, 0.001)


def _sleep(script: _ClockScript) -> None:
    script.wall(4.9, 1_700_000_004.9)
    script.burst(5.0, 1000.0, 0.002, 0.001)
    script.wall(6.0, 1_700_000_006.04)
    script.wall(7.0, 1_700_000_607.04)
    script.burst(7.1, 1600.0, 0.002, 0.001)


def _restart(script: _ClockScript) -> None:
    script.epoch(4.0, "one")
    script.burst(5.0, 1000.0, 0.002, 0.001)
    script.epoch(6.0, "one")
    script.epoch(7.0, "two")
    script.burst(7.1, 20.0, 0.002, 0.001)
    script.wake(9.0)
    script.burst(9.1, 20.002, 0.002, 0.001)


def _unsound(script: _ClockScript) -> None:
    script.probes([], 5.0)
    script.probes([[5.0, 1005.01, 1005.0, 5.02], [5.2, 1005.2, 1005.2, 5.1]], 5.3)
    script.burst(5.5, 1000.0, 0.002, 0.001)


_SCRIPTS = (_join, _drift, _spikes, _server_clock_jumps, _sleep, _restart, _unsound)


def cases() -> Json:
    """Return all cases: a network each, one step after another."""
    written = []
    for seed, write in enumerate(_SCRIPTS):
        script = _ClockScript(seed)
        write(script)
        name = write.__name__.strip("_").replace("_", " ")
        written.append({"name": name, "steps": script.steps})
    return {"cases": written}
