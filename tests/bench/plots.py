"""Draws e over time, a picture a follower, so that a figure can be looked into.

Blue dots are presented frames, the orange line is the media clock, grey lines say what
happened: to the room above, to the player below. The grey band is ±33 ms.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.bench.report import percentile
from tests.bench.scenarios.run import Run
from tests.bench.scoring import IN_STEP_MS, sizes
from tests.bench.trace import Error, Trace

_SIZE = (1600, 560)
_LEFT, _TOP, _RIGHT, _BOTTOM = 90, 60, 30, 70
_WHITE, _BAND, _GRID, _TEXT = "#ffffff", "#eef3ee", "#dddddd", "#333333"
_FRAME, _CLOCK, _SCENE, _EVENT = "#2f6fb5", "#e07b1a", "#b3261e", "#8a8a8a"
_STEPS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_STEPS_S = (0.5, 1, 2, 5, 10, 20, 60, 120, 300)
_SHOWN = ("seeking", "waiting", "hidden", "shown")
_LEAST_MS = 45.0
_LEAST_APART = 46  # pixels between two rates


def draw(run: Run, folder: Path, name: str) -> list[Path]:
    """Write a PNG for each follower of a run.

    Args:
        run: What happened.
        folder: Where they go; made if need be.
        name: Begins their names; the time of day ends them, so that none is overwritten.

    Returns:
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    moment = dt.datetime.now(tz=dt.UTC).strftime("%H%M%S")
    files = []
    for trace in run.traces:
        picture = _Picture(run, trace, name)
        picture.paint()
        file = folder / f"{name}-{moment}-{trace.name.lower().replace(' ', '-')}.png"
        picture.image.save(file)
        files.append(file)
    return files


class _Picture:
    """One picture: its scales, and what is on it."""

    def __init__(self, run: Run, trace: Trace, name: str) -> None:
        self.image = Image.new("RGB", _SIZE, _WHITE)
        self._draw = ImageDraw.Draw(self.image)
        self._font = ImageFont.load_default(14)
        self._run, self._trace, self._name = run, trace, name
        playing = [s for s in trace.frames if run.timelines.valid_at(s.at_s).playing]
        self._frames = run.timelines.errors(playing)
        clock = [s for s in trace.clock if run.timelines.valid_at(s.at_s).playing]
        self._clock = run.timelines.errors(clock)
        self._zero_s = run.scenes[0].zero_s if run.scenes else _first_s(self._frames)
        instants = [*(e.at_s for e in self._frames), *(s.zero_s for s in run.scenes)]
        self._since_s = min(instants, default=self._zero_s) - 0.5
        self._until_s = max(instants, default=self._zero_s) + 0.5
        # A few frames far off must not squeeze all others into a line.
        reach = percentile(sizes(self._frames), 98) * 1.3 if self._frames else 0.0
        self._reach_ms = max(_LEAST_MS, reach)

    def paint(self) -> None:
        """Fill it in."""
        self._axes()
        for scene in self._run.scenes:
            self._mark(scene.zero_s, scene.what, _SCENE, _TOP - 20)
        for event in self._trace.events:
            if event.what in _SHOWN and self._since_s < event.at_s < self._until_s:
                self._mark(event.at_s, event.what, _EVENT, _SIZE[1] - _BOTTOM - 20)
        self._rates()
        self._dots(self._frames, _FRAME, 2)
        self._dots(self._clock, _CLOCK, 1)

    def _axes(self) -> None:
        width, height = _SIZE
        low, high = self._y(-IN_STEP_MS), self._y(IN_STEP_MS)
        self._draw.rectangle([_LEFT, high, width - _RIGHT, low], fill=_BAND)
        step_ms = _step(_STEPS_MS, 2 * self._reach_ms / 8)
        for value in _ticks(-self._reach_ms, self._reach_ms, step_ms):
            y = self._y(value)
            self._draw.line([(_LEFT, y), (width - _RIGHT, y)], _TEXT if value == 0 else _GRID)
            self._draw.text((_LEFT - 8, y), f"{value:+g}", _TEXT, self._font, anchor="rm")
        step_s = _step(_STEPS_S, (self._until_s - self._since_s) / 15)
        first_s, last_s = self._since_s - self._zero_s, self._until_s - self._zero_s
        for value in _ticks(first_s, last_s, step_s):
            x = self._x(self._zero_s + value)
            self._draw.line([(x, _TOP), (x, height - _BOTTOM)], _GRID)
            y = height - _BOTTOM + 8
            self._draw.text((x, y), f"{value:g}", _TEXT, self._font, anchor="mt")
        title = (
            f"{self._name}: {self._trace.name} ({self._trace.kind}). e in ms, positive is ahead;"
            " blue: frames, orange: media clock, numbers: rate in % off 1"
        )
        self._draw.text((_LEFT, 12), title, _TEXT, self._font)
        note = (
            f"seconds since {self._run.scenes[0].what if self._run.scenes else 'the first frame'}"
        )
        self._draw.text((width / 2, height - 24), note, _TEXT, self._font, anchor="mm")

    def _rates(self) -> None:
        """A tick for each change of the rate; what it became, where there is room to say it."""
        floor, said_x = _SIZE[1] - _BOTTOM, float(-_LEAST_APART)
        for rate, at_s in self._trace.rates:
            if self._since_s < at_s < self._until_s:
                x = self._x(at_s)
                self._draw.line([(x, floor - 6), (x, floor)], _EVENT)
                if x - said_x >= _LEAST_APART:
                    said_x = x
                    text = f"{(rate - 1) * 100:+.2f}"
                    self._draw.text((x, floor - 30), text, _EVENT, self._font, anchor="mm")

    def _mark(self, at_s: float, text: str, colour: str, y: float) -> None:
        x = self._x(at_s)
        self._draw.line([(x, _TOP), (x, _SIZE[1] - _BOTTOM)], colour)
        self._draw.text((x + 3, y), text, colour, self._font)

    def _dots(self, errors: Iterable[Error], colour: str, radius: int) -> None:
        for at_s, ms in errors:
            x, y = self._x(at_s), self._y(max(-self._reach_ms, min(self._reach_ms, ms)))
            self._draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)

    def _x(self, at_s: float) -> float:
        share = (at_s - self._since_s) / (self._until_s - self._since_s)
        return _LEFT + share * (_SIZE[0] - _LEFT - _RIGHT)

    def _y(self, ms: float) -> float:
        share = (self._reach_ms - ms) / (2 * self._reach_ms)
        return _TOP + share * (_SIZE[1] - _TOP - _BOTTOM)


def _first_s(errors: Sequence[Error]) -> float:
    return errors[0].at_s if errors else 0.0


def _step(steps: Sequence[float], least: float) -> float:
    return next((step for step in steps if step >= least), steps[-1])


def _ticks(low: float, high: float, step: float) -> list[float]:
    first, last = int(-(-low // step)), int(high // step)
    return [number * step for number in range(first, last + 1)]
