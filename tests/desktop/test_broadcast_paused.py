"""A broadcast in the window, which Qt enters at key frames only: paused before it starts."""

from pathlib import Path

import pytest

from tests.desktop.projector import FPS, Projector, projector
from tests.desktop.test_player import load_broadcast

__all__ = ["projector"]


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
