"""On any machine the follower comes into step, stays there, and then keeps still."""

from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.follower import BROWSER, Follower, SetRate
from tests.server.core.following import assert_left_alone, players, rate_bound, speeds, timeline
from tests.simulation.player import Player
from tests.simulation.room import Room

# The dead band, and what a display adds where the frames bound the media clock.
STEADY_S = BROWSER.dead_band_out_s + 0.010


@settings(max_examples=30)
@given(players, st.floats(-5.0, 5.0), st.booleans())
def test_any_error_is_mended(player: Player, error_s: float, muted: bool) -> None:
    room = Room(Follower(BROWSER), player, timeline(20.0, 100.0), muted=muted)
    room.let(20.0)  # until it knows how slow this player is; a seek of its own would hide the error
    player.media_s += error_s
    room.let(9.0)
    assert max(abs(left_s) for left_s in room.run(5.0)) < STEADY_S


@settings(max_examples=20)
@given(players)
def test_no_player_is_driven_to_and_fro(player: Player) -> None:
    room = Room(Follower(BROWSER), player, timeline(20.0, 100.0))
    room.let(15.0)
    room.commands.clear()
    room.let(120.0)
    assert_left_alone(room, BROWSER)


@settings(max_examples=20)
@given(players, speeds, st.lists(st.floats(-0.4, 0.4), max_size=6), st.booleans())
def test_no_rate_leaves_its_bounds(
    player: Player, speed: float, bumps_s: list[float], muted: bool
) -> None:
    room = Room(Follower(BROWSER), player, timeline(20.0, 100.0, rate=speed), muted=muted)
    for bump_s in bumps_s:
        room.let(3.0)
        player.media_s += bump_s
    room.let(45.0)  # the last of many bumps may have to wait for its seek
    steady_from_s = player.now_s
    room.let(10.0)
    for at_s, command in room.sent(SetRate):
        assert isinstance(command, SetRate)
        off = abs(command.rate / speed - 1.0)
        assert off <= rate_bound(BROWSER, muted=muted) + 1e-9
        if at_s > steady_from_s:
            assert off <= BROWSER.steady_limit + 1e-9
