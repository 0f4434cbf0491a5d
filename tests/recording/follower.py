"""What may happen to a follower, each as a script of its own."""

import dataclasses

from server.core.timeline import position_at
from tests.recording import misleading
from tests.recording.follower_script import TUNINGS, FollowerScript, Json, browser, host
from tests.simulation.player import Player


def _start_pause_start_again() -> FollowerScript:
    script = browser(1)
    script.let(0.1)
    script.follow(0.5 / 30, playing=False)
    script.let(0.2)
    script.follow(0.5 / 30, lead_s=0.3)
    script.let(4.0)
    script.follow(3.65, playing=False)
    script.let(0.5)
    script.follow(3.65, lead_s=0.3)
    script.let(2.0)
    return script


def _join_late_jump_change_the_speed() -> FollowerScript:
    script = browser(2, start_lag_s=0.1, seek_lag_s=0.3, drift=1e-4)
    script.follow(20.0, lead_s=-5.0)
    script.let(5.0)
    script.follow(300.0, lead_s=0.2)
    script.let(4.0)
    script.follow(script.player.media_s, rate=1.5)
    script.let(4.0)
    return script


def _starve_tamper() -> FollowerScript:
    script = browser(3, frame_rate=24.0)
    script.follow(20.0)
    script.let(2.0)
    script.player.starved = True
    script.let(1.0)
    script.player.starved = False
    script.let(3.0)
    script.player.pause()
    script.let(2.0)
    script.player.seek(100.0)
    script.let(3.0)
    script.player.set_rate(1.5)
    script.let(1.0)
    script.follow(30.0, playing=False)
    script.let(0.5)
    script.player.play()
    script.let(1.0)
    return script


def _end_begin_again_pause_before_the_start() -> FollowerScript:
    script = browser(4)
    script.muted = True
    script.follow(598.0, lead_s=0.3)
    script.let(3.0)
    script.follow(600 - 0.5 / 30, playing=False, ended=True)
    script.let(0.5)
    script.follow(0.0, lead_s=0.3)
    script.let(0.1)
    script.follow(0.0, playing=False)
    script.let(0.5)
    return script


def _hidden_shown() -> FollowerScript:
    script = browser(5)
    script.player.measurable = False
    script.follow(20.0)
    script.let(3.0)
    script.player.measurable = True
    script.let(2.0)
    return script


def _frames_shown_late() -> FollowerScript:
    script = browser(10, display_lag_s=0.060)
    script.follow(20.0)
    script.let(6.0)
    script.follow(300.0, lead_s=0.3)
    script.let(3.0)
    script.player.display_lag_s = 0.0
    script.let(5.0)
    return script


def _frames_shown_late_at_first() -> FollowerScript:
    return _late_for_14_s(10, lag_s=0.050, then_s=8.0)


def _frames_late_for_a_while_then_ahead() -> FollowerScript:
    return _late_for_14_s(32, lag_s=0.028, then_s=20.0)


def _start_whose_frames_come_late() -> FollowerScript:
    script = browser(33, display_lag_s=0.014, frame_lead_s=-0.016)
    script.follow(0.5 / 30, playing=False)
    script.let(0.3)
    script.follow(0.5 / 30, lead_s=0.328)  # where refreshes are such that they do
    script.let(9.0)
    return script


def _late_for_14_s(seed: int, *, lag_s: float, then_s: float) -> FollowerScript:
    script = browser(seed, display_lag_s=lag_s)
    script.follow(20.0)
    script.let(14.0)
    script.player.display_lag_s = 0.0
    script.let(then_s)
    return script


def _stopped_for_a_while() -> FollowerScript:
    script = browser(11)
    script.follow(20.0)
    script.let(4.0)
    script.player.now_s += 1.7
    script.let(4.0)
    return script


def _told_of_a_start_too_late() -> FollowerScript:
    script = browser(13)
    script.follow(0.5 / 30, playing=False)
    script.let(0.3)
    script.follow(0.5 / 30, lead_s=0.02)
    script.let(2.0)
    return script


def _seek_to_what_is_there_and_what_is_not() -> FollowerScript:
    script = browser(14, has_s=(0.0, 60.0))
    script.follow(20.0)
    script.let(2.0)
    for position_s in (300.0, 30.0, 59.8, 400.0):
        script.follow(position_s, lead_s=0.2)
        script.let(2.5)
    return script


def _start_after_a_long_rest() -> FollowerScript:
    script = browser(15)
    script.follow(0.5 / 30, playing=False)
    script.let(11.0)
    script.follow(0.5 / 30, lead_s=0.3)
    script.let(2.0)
    script.follow(1.75, playing=False)
    script.let(1.0)
    script.follow(1.75, lead_s=0.3)
    script.let(2.0)
    return script


def _double_speed_late_and_slipping() -> FollowerScript:
    script = browser(12, rate_lag_s=0.150)
    script.follow(20.0)
    script.let(3.0)
    here_s = position_at(script.timeline, script.player.now_s, None)
    script.follow(here_s, rate=2.0)
    script.let(5.0)
    script.player.now_s += 0.4
    script.let(3.0)
    return script


def _refused_to_play() -> FollowerScript:
    script = browser(6)
    script.player.refuses_play = True
    script.follow(20.0)
    script.let(5.0)
    return script


def _the_host_s_window() -> FollowerScript:
    script = host(7)
    script.follow(0.5 / 24, lead_s=0.2)
    script.let(9.0)
    script.player.seek(script.player.media_s + 0.1)
    script.let(6.0)
    return script


def _bumped_to_and_fro() -> FollowerScript:
    script = browser(8, frame_rate=60.0)
    script.follow(20.0)
    script.let(2.0)
    for bump_s in (0.030, -0.060, 0.025, 0.012):
        script.player.media_s += bump_s
        script.let(2.5)
    return script


def _seeks_where_a_rate_is_dear() -> FollowerScript:
    script = FollowerScript(
        "COSTLY_RATES", Player(seed=21, cadence=False, start_lag_s=0.02, lag_noise_s=0.01)
    )
    script.follow(20.0)
    script.let(4.0)
    for bump_s in (0.05, 0.08):
        script.player.media_s += bump_s
        script.let(3.0)
    return script


def _glide_to_the_host_s_screen() -> FollowerScript:
    script = browser(9)
    script.follow(20.0, lead_s=0.2)
    script.let(4.0)
    for slew in (-0.02, 0.0):
        script.player.media_s -= 0.06  # is being mended when the line turns
        script.let(1.0)
        here_s = position_at(script.timeline, script.player.now_s, None)
        script.follow(here_s, slew=slew)
        script.let(4.0)
    return script


def _step_that_suits_the_displays() -> FollowerScript:
    script = browser(9)
    script.follow(20.0, lead_s=0.2)
    script.let(4.0)
    for slew, bump_s in ((0.004, -0.006), (0.0, -0.006), (-0.004, 0.012), (0.0, 0.012)):
        script.player.media_s += bump_s  # is being mended when the line turns
        script.let(1.0)
        here_s = position_at(script.timeline, script.player.now_s, None)
        script.follow(here_s, slew=slew)
        script.let(2.0)
    return script


def _cut_off_while_the_room_glides() -> FollowerScript:
    script = browser(10)
    script.follow(20.0, lead_s=0.2)
    script.let(4.0)
    now_s = script.player.now_s
    here_s = position_at(script.timeline, now_s, None)
    script.follow(here_s, slew=-0.02, slew_until_s=now_s + 1.0)
    script.let(4.0)
    return script


def _rest_that_never_gets_there() -> FollowerScript:
    script = browser(24)
    script.follow(20.0)
    script.let(2.0)
    script.follow(22.0 + 0.5 / 30, playing=False)
    for _ in range(25):
        script.let(0.5)
        script.player.media_s = 0.0
    return script


def _runs_dry_right_after_a_jump() -> FollowerScript:
    script = browser(34)
    script.follow(20.0)
    script.let(1.0)
    script.player.pause()
    script.player.starved = True
    script.let(0.8)
    script.player.starved = False
    script.let(4.0)
    return script


def _start_missed() -> FollowerScript:
    script = browser(19)
    script.follow(0.5 / 30, lead_s=0.3)
    script.let(0.1)
    script.miss_the_start()
    script.let(2.0)
    return script


def _forgiven() -> FollowerScript:
    script = browser(20, lag_noise_s=0.4)
    script.follow(20.0)
    script.let(16.0)
    script.be_forgiven()
    script.let(2.0)
    return script


def _room_steps_while_a_slow_device_falls_behind() -> FollowerScript:
    script = browser(22, drift=-0.1, seek_lag_s=0.3)
    script.follow(20.0, lead_s=0.2)
    script.let(4.0)
    for slew in (0.004, 0.0, -0.004, 0.0):
        here_s = position_at(script.timeline, script.player.now_s, None)
        script.follow(here_s, slew=slew)
        script.let(1.5)
    return script


def _room_glides_where_a_rate_is_dear() -> FollowerScript:
    player = Player(seed=30, cadence=False, start_lag_s=0.012, sound_sleeps_s=1e9)
    script = FollowerScript("COSTLY_RATES", player)
    script.follow(20.0, lead_s=0.3)
    script.let(3.0)
    for slew, for_s in ((0.004, 3.0), (-0.02, 5.0)):
        here_s = position_at(script.timeline, script.player.now_s, None)
        script.follow(here_s, slew=slew, slew_until_s=script.player.now_s + for_s)
        script.let(for_s + 2.0)
    return script


_SCRIPTS = (
    _bumped_to_and_fro,
    _start_pause_start_again,
    _join_late_jump_change_the_speed,
    _starve_tamper,
    _end_begin_again_pause_before_the_start,
    _hidden_shown,
    _frames_shown_late,
    _frames_shown_late_at_first,
    _stopped_for_a_while,
    _double_speed_late_and_slipping,
    _told_of_a_start_too_late,
    _seek_to_what_is_there_and_what_is_not,
    _start_after_a_long_rest,
    _refused_to_play,
    _the_host_s_window,
    _glide_to_the_host_s_screen,
    _step_that_suits_the_displays,
    _room_steps_while_a_slow_device_falls_behind,
    misleading.frames_in_bunches_and_told_again,
    _cut_off_while_the_room_glides,
    misleading.clock_far_ahead_for_a_while,
    misleading.clock_begins_again,
    misleading.shorter_for_a_moment,
    misleading.clock_steps_a_little_and_trembles,
    _rest_that_never_gets_there,
    _start_missed,
    _forgiven,
    _seeks_where_a_rate_is_dear,
    _room_glides_where_a_rate_is_dear,
    _frames_late_for_a_while_then_ahead,
    _start_whose_frames_come_late,
    _runs_dry_right_after_a_jump,
)


def cases() -> Json:
    """Return all cases: a room each, one event after another."""
    written = []
    for write in _SCRIPTS:
        script = write()
        name = write.__name__.strip("_").replace("_", " ")
        written.append({"name": name, "tuning": script.tuning, "events": script.events})
    return {"cases": written}


def tunings() -> Json:
    """Return the presets."""
    return {name: dataclasses.asdict(tuning) for name, tuning in TUNINGS.items()}
