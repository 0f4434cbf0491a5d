"""Broadcasts in the window: films that Qt enters at key frames only."""

import subprocess
import time
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QTimer

from tests.desktop.projector import FPS, ITEM, Projector, projector
from tests.media_files import CLIP

__all__ = ["projector"]


def load_broadcast(projector: Projector, folder: Path, length_s: float = 12.0) -> None:
    """A film that Qt enters at key frames only, of which there is one in 45."""
    recording = folder / "recording.ts"
    ffmpeg = ("ffmpeg", "-v", "error", "-t", str(length_s), "-i", str(CLIP), "-c:v", "libx264")
    subprocess.run([*ffmpeg, "-preset", "veryfast", "-g", "45", "-an", str(recording)], check=True)
    mime = 'video/mp2t; codecs="avc1.64001e"'
    projector.load(recording, msgspec.structs.replace(ITEM, duration_s=length_s, mime=mime))


def test_a_broadcast_rests_on_the_rooms_frame_though_it_is_entered_at_key_frames(
    projector: Projector, tmp_path: Path
) -> None:
    load_broadcast(projector, tmp_path)
    for number in (100, 101, 350, 30, 0, 359):
        projector.follow((number + 0.5) / FPS)
        projector.rest_on(number)


def test_a_broadcast_plays_in_step_though_it_is_entered_at_key_frames(
    projector: Projector, tmp_path: Path
) -> None:
    load_broadcast(projector, tmp_path, length_s=24.0)
    for place_s in (2.0, 11.2):  # within a busy machine's time, and far less than the film lasts
        timeline = projector.follow(place_s, playing=True)
        projector.wait_in_step(timeline)
    projector.follow(6.0)
    projector.rest_on(180)


def test_a_broadcast_that_is_paused_after_a_jump_rests_on_the_rooms_frame(
    projector: Projector, tmp_path: Path
) -> None:
    load_broadcast(projector, tmp_path)
    projector.follow(2.0, playing=True)
    projector.play_for(0.5)
    projector.follow(7.6, playing=True)
    projector.wait(lambda: projector.number() == 270)  # the key frame after it
    number = int(projector.engine.position_s * FPS)
    projector.follow((number + 0.5) / FPS)
    projector.rest_on(number)


@pytest.mark.parametrize("off_s", [0.0, 0.4 / FPS])
def test_a_broadcast_that_is_paused_before_it_starts_rests_on_the_rooms_frame(
    projector: Projector, tmp_path: Path, off_s: float
) -> None:
    load_broadcast(projector, tmp_path)
    projector.follow(0.5 / FPS)
    projector.rest_on(0)
    # It goes to where the film begins to play, and shows the key frame after that.
    projector.follow(227.5 / FPS + off_s, playing=True, lead_s=5.0)
    projector.wait(lambda: projector.number() == 270)
    projector.play_for(0.3)
    projector.follow(227.5 / FPS)
    projector.rest_on(227)


def test_a_broadcast_rests_on_the_rooms_frame_while_the_window_is_busy(
    projector: Projector, tmp_path: Path
) -> None:
    load_broadcast(projector, tmp_path)
    busy = QTimer(projector.player, interval=0)
    busy.timeout.connect(lambda: time.sleep(0.3))  # longer than several frames
    busy.start()
    for number in (101, 102, 30):
        projector.follow((number + 0.5) / FPS)
        projector.rest_on(number)
