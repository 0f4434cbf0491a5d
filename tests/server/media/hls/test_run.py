"""When a run of FFmpeg is given up for all it complains about, and when it is not."""

import sys
from fractions import Fraction

import pytest

from server.media.hls.job import Job
from server.media.hls.run import Run
from server.media.hls.splitter import Splitter
from server.media.hls.table import even

TABLE = even(Fraction(60))


def a_run(*command: str) -> Run:
    """One that has begun, and has made nothing yet."""
    splitter = Splitter(TABLE, Fraction(0), 0, keyframes=True)
    job = Job(
        *(command, splitter, lambda _: None, lambda: None),
        check=lambda: 0,
        discard=None,
        latest_s=None,
    )
    return Run(job, TABLE, 0.0, begun=0, asked=0, steps_back=0)


def hopeless_after(words_each_second: list[int]) -> int | None:
    """The second in which a run is given up that complains so much in each of them."""
    run = a_run()
    for second, words in enumerate(words_each_second, start=1):
        run.job.words.complaints += words
        run.look(float(second), excused=False)
        if run.is_hopeless(float(second)):
            return second
    return None


def test_one_that_complains_on_and_on_is_given_up_soon() -> None:
    assert hopeless_after([500] * 10) == 3


def test_one_that_was_entered_amid_pictures_and_then_converts_slowly_is_waited_for() -> None:
    assert hopeless_after([500, *[0] * 20]) is None


def test_one_that_complains_again_later_has_its_time_anew() -> None:
    assert hopeless_after([500, 0, 0, 0, 500, 500, 500, 500]) == 7


def test_one_that_works_on_slowly_is_no_dead_disk() -> None:
    run = a_run()
    for second in range(1, 60):
        run.job.words.signs += second % 20 == 0
        run.look(float(second), excused=False)
    assert run.heard_s == 40


def test_how_long_it_takes_is_not_known_of_one_that_gives_no_sign() -> None:
    run = a_run()
    for number in (1, 2):
        run.job._current = number
        run.hear(float(number))
    assert run.outlook(0, 9, 3.0)[1] is not None
    assert run.outlook(0, 9, 9.0)[1] is None, "it may wait for a disk that does not answer"
    run.job.words.signs += 1
    run.look(9.0, excused=False)
    assert run.outlook(0, 9, 9.0)[1] is not None


@pytest.mark.allow_log("FFmpeg ended with status 1")
def test_what_ffmpeg_tells_of_its_progress_is_no_complaint() -> None:
    told = "frame=1\nspeed=N/A\nprogress=continue\n"
    words = f"{told}{told}[hevc @ 0x1] no=frame=!\nframe=2\nspeed=0.1x\n"
    run = a_run(sys.executable, "-c", f"import sys; sys.stderr.write({words!r}); sys.exit(1)")
    run.job.start(1)
    assert run.job.join(30)
    assert (run.job.words.signs, run.job.words.complaints) == (2, 1)
