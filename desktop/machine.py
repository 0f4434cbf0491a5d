"""What this program runs on: versions, Qt's plugins, the audio device, the display."""

import os
import platform

import PySide6
from PySide6.QtCore import QSysInfo, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

import server
from desktop.audio import Audio
from desktop.sync_words import Fact

_MEDIA_BACKEND = "ffmpeg"
"""Qt's own choice everywhere since 6.5, unless QT_MEDIA_BACKEND says otherwise."""


def machine_facts(window: QWidget, audio: Audio) -> tuple[Fact, ...]:
    """What a bug report says of the machine; nothing that names its owner.

    Args:
        window: Stands on the display that is meant.
        audio: The window's.
    """
    screen = window.screen()
    size = screen.size()
    pixels = f"{size.width()}×{size.height()} at {screen.devicePixelRatio():g}"
    return (
        ("version", server.__version__),
        ("Python", platform.python_version()),
        ("Qt", f"{qVersion()}, PySide6 {PySide6.__version__}"),
        ("system", f"{QSysInfo.prettyProductName()}, {platform.machine()}"),
        ("processors", str(os.cpu_count() or "unknown")),
        ("platform plugin", QGuiApplication.platformName()),
        ("media backend", os.environ.get("QT_MEDIA_BACKEND") or _MEDIA_BACKEND),
        ("audio device", audio.device or "none"),
        ("display", f"{pixels}, {screen.refreshRate():.2f} Hz"),
    )
