"""Players that need a tuning of their own come into step, too, and then keep still."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.follower import BROWSER, HOST_WINDOW, Follower, Seek, SetRate, Tuning
from server.core.tuning import SILENT_WINDOW
from tests.server.core.following import (
    assert_left_alone,
    glide,
    players,
    room_in_sync,
    speeds,
    state,
    step,
    timeline,
)
from tests.simulation.engines import COSTLY_RATES, FREE_FRAMES
from tests.simulation.player import Player
from tests.simulation.room import Room

firefoxes = st.builds(
    Player,
    frame_rate=st.sampled_from([24000 / 1001, 25.0, 30.0, 60.0]),
    refresh_s=st.sampled_from([1 / 60, 1 / 75, 1 / 120]),
    start_lag_s=st.floats(0.03, 0.1),
    seek_lag_s=st.floats(0.1, 0.4),
    lag_noise_s=st.floats(0.0, 0.02),
    cadence=st.just(False),
    clock_noise_s=st.floats(0.0005, 0.001),
    stale_s=st.just(0.040),
    sound_sleeps_s=st.just(1e9),
    drift=st.floats(-1e-4, 1e-4),
    seed=st.integers(0, 1000),
)
webkits = st.builds(
    Player,
    frame_rate=st.sampled_from([24000 / 1001, 25.0, 30.0, 60.0]),
    start_lag_s=st.floats(0.0, 0.04),
    seek_lag_s=st.floats(0.05, 0.4),
    lag_noise_s=st.floats(0.0, 0.01),
    cadence=st.just(False),
    clock_noise_s=st.floats(0.0, 0.002),
    write_loss_s=st.floats(0.02, 0.13),
    sound_sleeps_s=st.just(1e9),
    drift=st.floats(-3e-5, 3e-5),
    seed=st.integers(0, 1000),
)
windows = st.builds(
    Player,
    frame_rate=st.sampled_from([24000 / 1001, 25.0, 30.0, 60.0]),
    refresh_s=st.just(1 / 1000),  # Qt hands a frame over when it is due, not at a refresh
    start_lag_s=st.floats(0.0, 0.03),
    seek_lag_s=st.floats(0.01, 0.1),
    lag_noise_s=st.floats(0.0, 0.01),
    frame_noise_s=st.floats(0.0, 0.001),
    cadence=st.just(False),
    clock_noise_s=st.none(),
    sound_sleeps_s=st.just(1e9),
    drift=st.floats(-1e-4, 1e-4),
    seed=st.integers(0, 1000),
)
bumps = st.floats(-2.0, 2.0)
steps_s = st.floats(-0.017, 0.017)


@settings(max_examples=15)
@given(firefoxes, bumps)
def test_firefox_comes_into_step_after_anything(player: Player, bump_s: float) -> None:
    room = Room(Follower(FREE_FRAMES), player, timeline(20.0, 100.0))
    room.let(12.0)
    player.media_s += bump_s
    room.let(9.0)
    # The dead band, and what its display's steps may hide of its frames' lag.
    bound_s = FREE_FRAMES.dead_band_out_s + 0.012
    assert max(abs(error_s) for error_s in room.run(8.0)) < bound_s
    assert state(room) == "in_sync"


@settings(max_examples=15)
@given(webkits, speeds, bumps)
def test_webkit_is_placed_by_seeks_and_its_rate_left_alone(
    player: Player, speed: float, bump_s: float
) -> None:
    room = Room(Follower(COSTLY_RATES), player, timeline(20.0, 100.0, rate=speed))
    room.let(12.0)
    player.media_s += bump_s
    room.let(12.0)
    assert max(abs(error_s) for error_s in room.run(8.0)) < 0.075 * max(1.0, speed)
    # At another speed it is told that speed, and that is all.
    assert len(room.sent(SetRate)) == (0 if speed == 1.0 else 1)
    seeks = [at_s for at_s, _ in room.sent(Seek)][1:]
    assert all(later_s - earlier_s >= 2.999 for earlier_s, later_s in pairwise(seeks))


@settings(max_examples=10)
@given(webkits, steps_s)
def test_webkit_sits_out_a_small_step_of_the_room(player: Player, step_s: float) -> None:
    room = Room(Follower(COSTLY_RATES), player, timeline(20.0, 100.0))
    room.let(12.0)
    step(room, step_s)
    room.let(10.0)
    assert not room.sent(SetRate)


def test_webkit_goes_with_a_long_glide_of_the_room() -> None:
    room = room_in_sync(
        COSTLY_RATES, sound_sleeps_s=1e9, cadence=False, start_lag_s=0.012, write_loss_s=0.1
    )
    glide(room, slew=-0.02, slew_until_s=room.player.now_s + 30.0)
    room.let(40.0)
    assert len(room.sent(SetRate)) == 2
    assert len(room.sent(Seek)) <= 2  # after each of those
    assert max(abs(error_s) for error_s in room.run(5.0)) < COSTLY_RATES.dead_band_out_s


@pytest.mark.parametrize(
    ("tuning", "kind"),
    [
        (BROWSER, players),
        (FREE_FRAMES, firefoxes),
        (HOST_WINDOW, windows),
        (SILENT_WINDOW, windows),
    ],
    ids=["chromium", "firefox", "window", "silent window"],
)
@settings(max_examples=10)
@given(data=st.data(), step_s=steps_s)
def test_nobody_is_driven_to_and_fro_when_the_room_has_stepped(
    tuning: Tuning, kind: st.SearchStrategy[Player], data: st.DataObject, step_s: float
) -> None:
    room = Room(Follower(tuning), data.draw(kind), timeline(20.0, 100.0))
    room.let(30.0)
    room.commands.clear()
    step(room, step_s)
    room.let(120.0)
    assert_left_alone(room, tuning, turns=6)  # two are the step's own


@pytest.mark.parametrize("tuning", [HOST_WINDOW, SILENT_WINDOW], ids=["with sound", "silent"])
@settings(max_examples=15)
@given(player=windows, bump_s=bumps)
def test_the_window_comes_into_step_after_anything_and_gently(
    tuning: Tuning, player: Player, bump_s: float
) -> None:
    room = Room(Follower(tuning), player, timeline(20.0, 100.0))
    room.let(12.0)
    player.media_s += bump_s
    room.let(60.0)
    assert max(abs(error_s) for error_s in room.run(10.0)) < tuning.dead_band_out_s + 0.002
    rates = [command.rate for _, command in room.commands if isinstance(command, SetRate)]
    assert all(abs(rate - 1.0) <= tuning.recovery_limit + 1e-9 for rate in rates)
    assert len(rates) <= 40
