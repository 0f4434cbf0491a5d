"""The picture on a real X screen, where a native window shows it: it must go on moving."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.e2e.browsers.display import display

CHECKOUT = Path(__file__).parents[2]


async def test_the_picture_moves_in_the_window_and_in_fullscreen() -> None:
    environ = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"}
    async with display("1280x800x24") as screen:
        environ |= {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "WAKEPY_FAKE_SUCCESS": "yes"}
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.desktop.on_screen"),
            cwd=CHECKOUT,
            env=environ,
            stdout=PIPE,
            stderr=PIPE,
        )
        async with asyncio.timeout(60):
            out, errors = await program.communicate()
    assert program.returncode == 0, errors.decode()
    scenes = json.loads(out)
    assert list(scenes) == [
        "window",
        "fullscreen with the bar",
        "fullscreen",
        "fullscreen as the mouse moves",
        "window again",
    ]
    last = 0
    for scene, (first, second) in scenes.items():
        assert first is not None, f"no picture in: {scene}"
        assert second is not None, f"no picture in: {scene}"
        assert last < first < second, f"the picture stands still in: {scene}"
        last = second
