"""When a run of FFmpeg is given up for all it complains about, and when it is not."""

from fractions import Fraction

from server.media.hls.job import Job
from server.media.hls.run import Run
from server.media.hls.splitter import Splitter
from server.media.hls.table import even

TABLE = even(Fraction(60))


def a_run() -> Run:
    """One that has begun, and has made nothing yet."""
    splitter = Splitter(TABLE, Fraction(0), 0, keyframes=True)
    job = Job(
        (), splitter, lambda _: None, lambda: None, check=lambda: None, latest_s=None
    )  # never started
    return Run(job, TABLE, 0.0, begun=0, asked=0, steps_back=0)


def hopeless_after(words_each_second: list[int]) -> int | None:
    """The second in which a run is given up that complains so much in each of them."""
    run = a_run()
    for second, words in enumerate(words_each_second, start=1):
        run.job.complaints += words
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
