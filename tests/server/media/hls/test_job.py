"""How a run of FFmpeg ends, and what is kept of it then."""

import shlex
from fractions import Fraction
from pathlib import Path

import pytest

from server.media.hls import command
from server.media.hls.command import Source, Start
from server.media.hls.job import Job
from server.media.hls.splitter import Init, Segment, Splitter
from server.media.hls.table import of_aac
from server.media.hls.words import tells_of_a_disk

TABLE = of_aac(Fraction(12))
SOURCE = Source(path=Path("film.mkv"), format="matroska", origin=Fraction(0))


class Kept:
    """What a run has made, by its numbers."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()

    def keep(self, part: Init | Segment) -> None:
        if isinstance(part, Segment):
            self.numbers.add(part.number)

    def discard(self, numbers: range) -> None:
        self.numbers -= {*numbers}


def ended(kept: Kept, then: str) -> Job:
    """A run that has made silence, and gone on as a shell script says."""
    made = ["ffmpeg", *command.silence(SOURCE, Start(table=TABLE, first=0))]
    job = Job(
        ("sh", "-c", f"{shlex.join(made)}; {then}"),
        Splitter(TABLE, Fraction(0), 0, keyframes=False),
        kept.keep,
        lambda: None,
        check=lambda: 1000,
        discard=kept.discard,
        latest_s=None,
    )
    job.start(len(TABLE))
    assert job.join(30)
    return job


def test_what_comes_to_the_end_is_kept_and_knows_how_much_there_was() -> None:
    kept = Kept()
    job = ended(kept, "exit 0")
    assert (job.error, job.reached_end, job.size) == (None, True, 1000)
    assert kept.numbers == {*range(len(TABLE))}


@pytest.mark.allow_log("can't be read")
def test_of_a_run_that_the_disk_failed_nothing_that_may_be_silence_is_kept() -> None:
    kept = Kept()
    job = ended(kept, "echo 'file:/films/film.mkv: Input/output error' >&2")
    assert job.error is not None
    assert (job.error.code, job.reached_end) == ("media_lost", False)
    assert kept.numbers == set()


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("file:/films/a film: 2.mkv: Input/output error", True),
        ("[in#0/matroska,webm @ 0x5] Error during demuxing: Input/output error\n", True),
        ("[in#0 @ 0x5] Error opening input: I/O error", True),
        ("file:/films/film.mkv: Stale file handle", True),
        ("file:/films/film.mkv: Invalid data found when processing input", False),
        ("[in#0/avi @ 0x5] Error during demuxing: End of file", False),
        ("[h264_vaapi @ 0x5] Failed to end picture: Input/output error", False),
        ("[matroska,webm @ 0x5] File ended prematurely", False),
    ],
)
def test_a_disk_that_failed_is_told_from_a_film_that_is_damaged(line: str, is_one: bool) -> None:
    assert tells_of_a_disk(line) == is_one
