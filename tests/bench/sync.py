"""How far host and guests are off the room's timeline: every presented frame, on the true clock.

Owns the scenarios. `steady`: the film plays, and nothing else happens. `steady-with-sound`: the
same on a machine that has no sound card, with one that is made up.
"""

import asyncio
import functools
import time
from collections.abc import Callable, Coroutine, Sequence

from tests.bench.cinema import cinema
from tests.bench.report import Result, percentile, progress

TARGET_MS = 40.0
SAMPLED_PERCENT = 95.0
GUESTS = 2
_FRAMES_PER_S = 30  # of the sync-check clip


async def steady(
    *, settle_s: float = 3.0, watch_s: float = 30.0, sound: bool = False
) -> list[Result]:
    """Play, wait, then watch every frame of the window and of two guests.

    Args:
        settle_s: From the start of the film to the first frame that counts.
        watch_s: For how long frames count.
        sound: Whether the window gets a sound card of PulseAudio's; see `sound`.
    """
    async with cinema(GUESTS, sound=sound) as room:
        await room.play()
        since_s = room.conductor.timeline.at_s + settle_s
        until_s = since_s + watch_s
        progress("sync.steady: playing")
        await asyncio.sleep(until_s - time.perf_counter() + 0.2)
        host_frames = await asyncio.to_thread(room.host.ask, "frames")
        host_ms = room.conductor.errors_ms(host_frames, since_s, until_s)
        guests_ms = [
            room.conductor.errors_ms(await guest.frames(), since_s, until_s)
            for guest in room.guests
        ]
        clock_ms = [
            error_ms
            for guest in room.guests
            for error_ms in await guest.clock_errors_ms(since_s, until_s)
        ]
    expected = watch_s * _FRAMES_PER_S
    return [
        *_of("sync.steady.chromium", guests_ms, expected),
        *_of("sync.steady.host", [host_ms], expected),
        Result(
            metric="sync.steady.clock_p95_ms",
            value=percentile([abs(error_ms) for error_ms in clock_ms], 95),
            unit="ms",
        ),
    ]


SCENARIOS: dict[str, Callable[[], Coroutine[None, None, list[Result]]]] = {
    "steady": steady,
    "steady-with-sound": functools.partial(steady, sound=True),
}
measure = steady


def _of(name: str, followers: Sequence[Sequence[float]], expected: float) -> list[Result]:
    """The figures of followers of one kind, from the errors (ms) of all their frames."""
    signed_ms = [error_ms for follower in followers for error_ms in follower]
    errors_ms = [abs(error_ms) for error_ms in signed_ms]
    sampled_percent = min(100 * len(follower) / expected for follower in followers)
    progress(f"{name}: median {percentile(signed_ms, 50):+.1f} ms, positive is ahead")
    if sampled_percent < SAMPLED_PERCENT:
        progress(f"{name}: only {sampled_percent:.0f} % of the frames were sampled: DOUBTFUL")
    return [
        Result(metric=f"{name}.frame_p50_ms", value=percentile(errors_ms, 50), unit="ms"),
        Result(
            metric=f"{name}.frame_p95_ms",
            value=percentile(errors_ms, 95),
            unit="ms",
            target=TARGET_MS,
        ),
        Result(metric=f"{name}.frame_p99_ms", value=percentile(errors_ms, 99), unit="ms"),
        Result(
            metric=f"{name}.sampled_percent",
            value=sampled_percent,
            unit="%",
            target=SAMPLED_PERCENT,
            better="higher",
        ),
    ]
