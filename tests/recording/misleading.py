"""What a follower may be told that is not so: by its clock, by its frames, of the film's length."""

from tests.recording.follower_script import FollowerScript, browser


def clock_far_ahead_for_a_while() -> FollowerScript:
    script = browser(16)
    script.follow(20.0)
    script.let(3.0)
    for ahead_s in (600.0, 0.0):
        script.clock_error_s = ahead_s
        script.let(2.0)
    return script


def clock_begins_again() -> FollowerScript:
    script = browser(17)
    script.follow(20.0)
    script.let(3.0)
    script.player.media_s += 0.3
    script.let(1.0)
    script.clock_error_s = -3600.0
    script.follow(50.0, lead_s=0.3)
    script.let(2.0)
    script.player.media_s += 0.3
    script.let(2.0)
    script.follow(54.0 + 0.5 / 30, playing=False)
    script.let(0.5)
    script.clock_error_s = -7200.0
    script.let(0.3)
    return script


def shorter_for_a_moment() -> FollowerScript:
    script = browser(18)
    script.follow(20.0)
    script.let(3.0)
    for duration_s in (22.0, 600.0, 599.96, 600.02):
        script.player.duration_s = duration_s
        script.let(2.0)
    return script


def clock_steps_a_little_and_trembles() -> FollowerScript:
    script = browser(23)
    script.follow(20.0)
    script.let(3.0)
    for off_s in (0.012, -0.050, 0.300, 0.0):
        script.clock_error_s = off_s
        script.let(2.0)
    for number in range(20):
        script.clock_error_s = 0.004 if number % 2 else -0.004
        script.let(0.1)
    return script


def frames_in_bunches_and_told_again() -> FollowerScript:
    script = browser(21)
    script.bunch_s = 0.4
    script.follow(20.0, lead_s=0.2)
    script.let(4.0)
    script.player.media_s += 0.03
    script.let(4.0)
    script.bunch_s, script.tellings = 0.0, 3
    script.player.media_s += 0.03
    script.let(4.0)
    return script
