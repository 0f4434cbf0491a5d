"""A player of the window on a surface of its own, with what it showed and reported.

Which frame it shows is read from the number in the picture.
"""

import math
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.engine import Engine
from desktop.player import Player
from desktop.video_surface import VideoSurface
from server.core.messages import Report
from server.core.state import Item
from server.core.timeline import Timeline, frame_middle, position_at
from tests.desktop.looking import frame_number
from tests.media_files import CLIP

FPS = 30.0
ITEM = Item(id="clip", title="Clip", duration_s=60.0, frame_rate=FPS, video_codec="h264")


class Projector:
    """A player on a surface of its own."""

    def __init__(self, surface: VideoSurface, engine: Engine, qtbot: QtBot) -> None:
        self.surface = surface
        self.engine = engine
        self.player = Player(engine)
        self.reports: list[Report] = []
        self.failures: list[str] = []
        self.player.reported.connect(self.reports.append)
        self.player.failed.connect(self.failures.append)
        self.shown: list[tuple[float, float]] = []
        surface.videoSink().videoFrameChanged.connect(
            lambda frame: self.shown.append((frame.startTime() / 1e6, time.perf_counter()))
        )
        self._qtbot = qtbot
        self._revision = 0

    def load(self, path: Path = CLIP, item: Item = ITEM) -> None:
        self.player.load(item, path)

    def follow(
        self,
        position_s: float,
        *,
        playing: bool = False,
        rate: float = 1.0,
        lead_s: float = 0.2,
        ended: bool = False,
    ) -> Timeline:
        self._revision += 1
        if not playing:
            position_s = frame_middle(position_s, FPS, ITEM.duration_s)
        timeline = Timeline(
            item_id=ITEM.id,
            position_s=position_s,
            at_s=time.perf_counter() + (lead_s if playing else 0.0),
            rate=rate,
            playing=playing,
            ended=ended,
            revision=self._revision,
        )
        self.player.follow(timeline)
        return timeline

    def number(self) -> int | None:
        """The number in the picture."""
        return frame_number(self.surface)

    def wait(self, holds: Callable[[], bool], timeout_s: float = 40.0) -> None:
        self._qtbot.waitUntil(holds, timeout=round(timeout_s * 1000))

    def rest_on(self, number: int) -> None:
        self.wait(lambda: self.number() == number and self.state() == "resting")

    def play_for(self, duration_s: float) -> None:
        self._qtbot.wait(round(duration_s * 1000))

    def state(self) -> str:
        return self.reports[-1].state if self.reports else ""

    def errors_ms(self, timeline: Timeline, from_s: float) -> list[float]:
        return [
            (media_s - position_at(timeline, at_s, ITEM.duration_s)) * 1000
            for media_s, at_s in self.shown
            if at_s >= from_s and media_s >= 0
        ]

    def lately_ms(self, timeline: Timeline) -> float:
        """The error of the frames of the last half second."""
        errors = self.errors_ms(timeline, max(timeline.at_s, time.perf_counter() - 0.5))
        return statistics.median(errors) if len(errors) > 5 else math.inf

    def wait_in_step(self, timeline: Timeline) -> None:
        """Wait until it plays in step.

        Within far more than is aimed at (40 ms), and far longer than corrections take for what a
        busy machine makes the window start late.
        """
        self.wait(lambda: abs(self.lately_ms(timeline)) < 100, timeout_s=50)


@pytest.fixture
def projector(qtbot: QtBot) -> Iterator[Projector]:
    surface = VideoSurface()
    surface.resize(640, 360)
    qtbot.addWidget(surface)
    surface.show()
    projector = Projector(surface, Engine(surface), qtbot)
    yield projector
    projector.player.stop()
    projector.engine.close()
