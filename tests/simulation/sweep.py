"""What each constant is worth: every one of them halved and doubled, all else as it is.

Owns which differences count, and the tables that list them, as Markdown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from server.core.tuning import BROWSER, HOST_WINDOW, SILENT_WINDOW, Tuning
from tests.simulation import constants, scenes
from tests.simulation.player import Player
from tests.simulation.scenes import SCENES, Score

_SHARE = 0.15
_MOST = 3
_FACTORS = (0.5, 2.0)


class _Figure(NamedTuple):
    """One figure of a scene; a smaller difference than `least` counts for nothing."""

    words: str
    value: float
    least: float


@dataclass(frozen=True)
class _Kind:
    words: str
    tuning: Tuning
    make: Callable[[int], Player]
    scenes: Sequence[str]


_KINDS = (
    _Kind("A browser", BROWSER, scenes.browser, list(SCENES)),
    _Kind("The window, a sound device", HOST_WINDOW, scenes.window, ["start", "seek", "slip"]),
    _Kind("The window, none", SILENT_WINDOW, scenes.silent_window, ["start", "seek", "slip"]),
)


def tables(players: int) -> Iterator[str]:
    """Yield the lines of all tables, as they become known.

    Args:
        players: So many a scene, the same for all values of a constant.
    """
    with ProcessPoolExecutor() as processes:
        for kind in _KINDS:
            names = constants.of_tuning(kind.tuning)
            if kind.tuning is BROWSER:
                names |= constants.of_modules()
            known = {name: value for name, value in names.items() if value}
            yield from _table(kind, known, range(players), processes)


def _table(
    kind: _Kind, names: Mapping[str, float], seeds: range, processes: ProcessPoolExecutor
) -> Iterator[str]:
    yield f"### {kind.words}: {', '.join(f'`{name}`' for name in kind.scenes)}"
    yield ""
    yield "| constant | value | halved | doubled |"
    yield "|---|---|---|---|"
    changes: list[dict[str, float]] = [{}]
    for name, value in names.items():
        changes += ({name: _scaled(value, factor)} for factor in _FACTORS)
    found = processes.map(partial(_figures, kind, seeds), changes)
    before = next(found)
    alike = []
    for name, value in names.items():
        sides = [_differences(before, next(found)) for _ in _FACTORS]
        if any(sides):
            yield f"| `{name}` | {value:g} | {' | '.join(side or '–' for side in sides)} |"
        else:
            alike.append(f"`{name}`")
    yield ""
    yield f"No figure tells these from their half or their double: {', '.join(alike) or 'none'}."
    yield ""


def _scaled(value: float, factor: float) -> float:
    return max(1, round(value * factor)) if isinstance(value, int) else value * factor


def _figures(kind: _Kind, seeds: range, changes: Mapping[str, float]) -> list[_Figure]:
    figures: list[_Figure] = []
    for name in kind.scenes:
        score = scenes.play(name, kind.tuning, seeds, make=kind.make, changes=changes)
        figures += _of(name, score, len(seeds))
    return figures


def _of(scene: str, score: Score, players: int) -> Iterator[_Figure]:
    minutes = score.watched_s / 60
    for percent in (50, 95):
        near_s = scenes.percentile(score.within_s, percent)
        yield _Figure(f"{scene}, near p{percent}, s", near_s, 0.06)
    # Of few players a single one that strays makes the 95th percentile of all.
    yield _Figure(f"{scene}, media p80, ms", scenes.percentile(score.media_ms, 80), 0.5)
    yield _Figure(f"{scene}, frames p80, ms", scenes.percentile(score.frames_ms, 80), 1.0)
    yield _Figure(f"{scene}, writes a minute", score.writes / minutes, 0.5)
    yield _Figure(f"{scene}, seeks a player", score.seeks / players, 0.1)


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
