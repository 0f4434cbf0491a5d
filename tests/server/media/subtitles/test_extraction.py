"""The process that reads subtitles, where it can't."""

import os
import sys
from pathlib import Path

import pytest

from server.media.subtitles.extraction import extract
from server.media.subtitles.findings import Job
from server.media.subtitles.track import Track
from tests.server.media.hls.processes import children
from tests.server.media.subtitles import films


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
async def test_a_disk_that_does_not_answer_ends_the_reading(tmp_path: Path) -> None:
    text = tmp_path / "film.srt"
    os.mkfifo(text)  # whoever opens it waits, as on a mount that stalls
    before = children(name="")
    facts, track = films.beside(text), Track()
    job = Job(path=str(tmp_path / "film.mkv"), tracks=(facts,), folder=str(tmp_path))

    await extract(job, {facts.id: track}, silence_s=0.5)

    assert track.error is not None
    assert track.error.code == "subtitles_stalled"
    assert {*children(name="")} <= {*before}
