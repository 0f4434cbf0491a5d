"""What each constant is worth: every one of them halved and doubled, all else as it is.

Those to which that makes no difference are tried at an eighth and at eight times as well.

Owns which differences count, and the tables that list them, as Markdown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from server.core.tuning import BROWSER, HOST_WINDOW, SILENT_WINDOW, Tuning
from tests.simulation import constants, network, scenes
from tests.simulation.network import PATHS, SAMPLES_A_SECOND, Path
from tests.simulation.player import Player
from tests.simulation.scenes import SCENES, Score

_SHARE = 0.15
_MOST = 3
_FACTORS = {(1 / 2, 2): ("halved", "doubled"), (1 / 8, 8): ("an eighth", "eight times")}
"""Those of the second pair are tried on what those of the first make no difference to."""

_WATCHED_S = 240.0
_SETTLES_S = 30.0
_STEPPING = network.Stepping(by_s=0.080, at_s=120.0)
"""What becomes of each clock, and how far the server's jumps."""

_BACK_MS = 10.0
"""It is back once it stays within this."""

_CLEAR = [name for name in PATHS if "asymmetric" not in name]
"""What no clock can see on the other path hides all else."""


class _Figure(NamedTuple):
    """One figure of a scene; a smaller difference than `least` counts for nothing."""

    words: str
    value: float
    least: float


@dataclass(frozen=True)
class _Kind:
    """What has constants, and what becomes of some of it when they are replaced.

    Attributes:
        words: What it is.
        cases: Names of the scenes or paths that `figures` tells of.
        constants: Their values, by name.
        figures: From seeds and from new values, by name.
        runs: So many seeds for each player that is asked for: what costs little is tried more.
    """

    words: str
    cases: Sequence[str]
    constants: Mapping[str, float]
    figures: Callable[[range, Mapping[str, float]], list[_Figure]]
    runs: int = 1


def tables(players: int) -> Iterator[str]:
    """Yield the lines of all tables, as they become known.

    Args:
        players: So many a scene, the same for all values of a constant; of clocks more.
    """
    with ProcessPoolExecutor() as processes:
        for kind in _kinds():
            yield from _table(kind, range(kind.runs * players), processes)


def _kinds() -> list[_Kind]:
    window = ["start", "seek", "slip"]
    shared = constants.of_modules(constants.FOLLOWER)
    return [
        _players("A browser", BROWSER, scenes.browser, list(SCENES), shared),
        _players("The window, a sound device", HOST_WINDOW, scenes.window, window),
        _players("The window, none", SILENT_WINDOW, scenes.silent_window, window),
        _Kind("The clock", _CLEAR, constants.of_modules(constants.CLOCK), _of_clocks, runs=3),
    ]


def _players(
    words: str,
    tuning: Tuning,
    make: Callable[[int], Player],
    names: Sequence[str],
    shared: Mapping[str, float] = MappingProxyType({}),
) -> _Kind:
    figures = partial(_of_players, tuning, make, names)
    return _Kind(words, names, {**constants.of_tuning(tuning), **shared}, figures)


def _table(kind: _Kind, seeds: range, processes: ProcessPoolExecutor) -> Iterator[str]:
    yield f"### {kind.words}: {', '.join(f'`{name}`' for name in kind.cases)}"
    yield ""
    before = kind.figures(seeds, {})
    values = {name: value for name, value in kind.constants.items() if value}
    for (down, up), (smaller, larger) in _FACTORS.items():
        differing: dict[str, list[str]] = {}
        changes = [{n: _scaled(v, factor)} for n, v in values.items() for factor in (down, up)]
        found = processes.map(partial(kind.figures, seeds), changes)
        for name in values:
            differing[name] = [_differences(before, next(found)) for _ in (down, up)]
        yield f"| constant | value | {smaller} | {larger} |"
        yield "|---|---|---|---|"
        for name, sides in differing.items():
            if any(sides):
                cells = " | ".join(side or "–" for side in sides)
                yield f"| `{name}` | {values[name]:g} | {cells} |"
        yield ""
        values = {name: value for name, value in values.items() if not any(differing[name])}
        alike = ", ".join(f"`{name}` {value:g}" for name, value in values.items()) or "none"
        yield f"As good {smaller} and {larger}, by these figures: {alike}."
        yield ""


def _scaled(value: float, factor: float) -> float:
    return max(1, round(value * factor)) if isinstance(value, int) else value * factor


def _of_players(
    tuning: Tuning,
    make: Callable[[int], Player],
    names: Sequence[str],
    seeds: range,
    changes: Mapping[str, float],
) -> list[_Figure]:
    figures: list[_Figure] = []
    for name in names:
        score = scenes.play(name, tuning, seeds, make=make, changes=changes)
        figures += _of_scene(name, score, len(seeds))
    return figures


def _of_scene(scene: str, score: Score, players: int) -> Iterator[_Figure]:
    minutes = score.watched_s / 60
    for percent in (50, 95):
        near_s = scenes.percentile(score.within_s, percent)
        yield _Figure(f"{scene}, near p{percent}, s", near_s, 0.06)
    # Of few players a single one that strays makes the 95th percentile of all.
    yield _Figure(f"{scene}, media p80, ms", scenes.percentile(score.media_ms, 80), 0.5)
    yield _Figure(f"{scene}, frames p80, ms", scenes.percentile(score.frames_ms, 80), 1.0)
    yield _Figure(f"{scene}, writes a minute", score.writes / minutes, 0.5)
    yield _Figure(f"{scene}, seeks a player", score.seeks / players, 0.1)


def _of_clocks(seeds: range, changes: Mapping[str, float]) -> list[_Figure]:
    figures: list[_Figure] = []
    with constants.replaced(BROWSER, changes):
        for name in _CLEAR:
            figures += _of_path(name, PATHS[name], seeds)
    return figures


def _of_path(name: str, path: Path, seeds: range) -> Iterator[_Figure]:
    early_ms: list[float] = []
    settled_ms: list[float] = []
    back_s: list[float] = []
    for seed in seeds:
        errors_s = network.errors_s(path, seed, seconds=_WATCHED_S, stepping=_STEPPING)
        off_ms = [abs(error_s) * 1000 for error_s in errors_s]
        settles, steps = (round(at_s * SAMPLES_A_SECOND) for at_s in (_SETTLES_S, _STEPPING.at_s))
        early_ms += off_ms[:settles]
        settled_ms += off_ms[settles:steps]
        astray = [index for index, ms in enumerate(off_ms[steps:]) if ms > _BACK_MS]
        back_s.append((astray[-1] + 1 if astray else 0) / SAMPLES_A_SECOND)
    for percent in (50, 95):
        for words, values in (("at first", early_ms), ("settled", settled_ms)):
            value = scenes.percentile(values, percent)
            yield _Figure(f"{name}, {words} p{percent}, ms", value, 0.02)
    yield _Figure(f"{name}, back p50, s", scenes.percentile(back_s, 50), 0.5)


def _differences(before: Sequence[_Figure], after: Sequence[_Figure]) -> str:
    """Return the largest differences in words; empty: there is none that counts."""
    found = []
    for old, new in zip(before, after, strict=True):
        off = abs(new.value - old.value)
        if off > max(old.least, _SHARE * abs(old.value)):
            found.append((off / (abs(old.value) + old.least), old, new))
    found.sort(key=lambda each: each[0], reverse=True)
    return "; ".join(
        f"{old.words} {old.value:.3g} → {new.value:.3g}" for _, old, new in found[:_MOST]
    )
