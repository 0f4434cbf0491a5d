"""A disk that does not answer while its film is shown, as a stopwatch sees it."""

from desktop.disk_wait import STALLED_S, STUCK_S, StallWatch


def test_a_film_that_shows_its_frames_or_rests_is_well() -> None:
    watch = StallWatch()
    for tick in range(400):
        watch.look(tick / 10, due=tick < 200)
        if tick < 200:
            watch.over()
        assert not watch.stuck(tick / 10)


def test_a_frame_that_does_not_come_is_noticed_and_said_later() -> None:
    watch = StallWatch()
    watch.look(1.0, due=True)
    assert not watch.stuck(1.0 + STUCK_S)
    assert watch.stuck(1.1 + STUCK_S)
    assert not watch.stalled(1.1 + STUCK_S)
    watch.look(1.1 + STUCK_S, due=False)  # a pause does not bring the disk back
    assert watch.stalled(1.1 + STALLED_S)
    watch.over()
    assert not watch.stuck(99.0)
