"""Scenarios in which the room moves: somebody joins, starts, seeks, pauses.

`join`: a guest comes 3 s into the film. `start`: play, three times. `seek`: to and fro in what
is cached. `pause`: three times; which frame a screen rests on is told by the frames that it
presented.
"""

import asyncio
import random
import time

from tests.bench import disturbances, figures, scoring
from tests.bench.cinema import FRAME_RATE, cinema
from tests.bench.disturbances import Scene, until
from tests.bench.report import Result, progress
from tests.bench.scenarios.run import Run, names, span, watched

JOIN_S = 0.4
SEEK_S = 0.4
PAUSE_S = 0.25
_HALF_SECOND_MS = 20.0
_THREE_SECONDS_MS = 10.0
_SETTLE_S = 5.0
_WATCH_S = 8.0
_PLACES_S = (31.0, 7.0, 24.0)
_BLINK_S = 0.25  # the media clock's errors are taken as means over it


async def join(*, after_s: float = 3.0, watch_s: float = _WATCH_S) -> Run:
    """Somebody comes while it plays; counted from when their film could first have played."""
    async with cinema(1) as room:
        await room.prepare("Late")
        begun = await disturbances.start(room)
        await until(begun.zero_s + after_s)
        scene = await disturbances.join_late(room, "Late")
        pressed_s = room.guests[-1].joined_s
        await until(scene.zero_s + watch_s)
        run = await watched(room, begun, scene)
    late = span(run, "sync.join", scene.zero_s, scene.zero_s + watch_s, whom=scene.whom)
    found = figures.recovery("sync.join.within_33_s", late, scene.zero_s, JOIN_S)
    waited_s = scene.zero_s - pressed_s
    return run.plus(
        found,
        Result(metric="sync.join.pressed_to_playable_s", value=waited_s, unit="s"),
    )


async def start(*, watch_s: float = _WATCH_S) -> Run:
    """Play from rest, in several places; the worst of them and of the guests counts."""
    async with cinema(2) as room:
        scenes = []
        await room.rest()
        for place_s in _PLACES_S:
            await room.conductor.seek(place_s)
            await asyncio.sleep(1 + random.uniform(0, 0.1))
            at_s = (await room.conductor.play()).at_s
            scenes.append(Scene(what="start", zero_s=at_s, whom=frozenset()))
            await until(at_s + watch_s)
            await room.conductor.pause()
        run = await watched(room, *scenes)
    return run.plus(
        _worst_clock(run, "sync.start.media_clock_from_500ms_ms", 0.5, 3.0, _HALF_SECOND_MS),
        _worst_clock(run, "sync.start.media_clock_from_3s_ms", 3.0, watch_s, _THREE_SECONDS_MS),
        _worst_frames_of_host(run, watch_s),
    )


async def seek(*, watch_s: float = _WATCH_S) -> Run:
    """Seek while it plays, to places that are cached; the worst counts."""
    async with cinema(2) as room:
        begun = await disturbances.start(room)
        await until(begun.zero_s + _SETTLE_S)
        scenes = []
        for place_s in _PLACES_S:
            scene = await disturbances.seek(room, place_s)
            scenes.append(scene)
            await until(scene.zero_s + watch_s)
        run = await watched(room, begun, *scenes)
    found = []
    for metric, kind in (("sync.seek", "chromium"), ("sync.seek.host", "host")):
        whom = names(run, kind)
        each = [
            figures.recovery(
                f"{metric}.within_33_s",
                span(run, metric, scene.zero_s, scene.zero_s + watch_s, whom=whom),
                scene.zero_s,
                SEEK_S,
            )
            for scene in scenes
        ]
        found.append(max(each, key=lambda result: result.value))
    return run.plus(*found)


async def pause(*, times: int = 3, watch_s: float = 2.0) -> Run:
    """Pause at any moment: which frames the screens rest on, and since when."""
    async with cinema(2) as room:
        apart, rest_s, off, scenes = [], [], [], []
        await room.rest()
        for _ in range(times):
            await room.conductor.play()
            await asyncio.sleep(3 + random.uniform(0, 0.1))
            timeline = await room.conductor.pause()
            scenes.append(Scene(what="pause", zero_s=timeline.at_s, whom=frozenset()))
            await asyncio.sleep(watch_s)
            traces = await room.traces()
            now_s = time.perf_counter()
            shown = {t.name: scoring.on_screen(t.frames, now_s, FRAME_RATE) for t in traces}
            due = scoring.frame_due(timeline, FRAME_RATE)
            progress(f"sync.pause: {due} is due, shown are {shown}")
            apart.append(max(shown.values()) - min(shown.values()))
            off.append(max(abs(number - due) for number in shown.values()))
            rest_s.append(scoring.rest_after_s(traces, timeline.at_s, FRAME_RATE))
        run = await watched(room, *scenes)
    return run.plus(
        Result(metric="sync.pause.frames_apart", value=max(apart), unit="frames", target=0),
        Result(metric="sync.pause.frames_off", value=max(off), unit="frames", target=0),
        Result(metric="sync.pause.at_rest_s", value=max(rest_s), unit="s", target=PAUSE_S),
    )


def _worst_clock(run: Run, metric: str, from_s: float, until_s: float, target_ms: float) -> Result:
    """The media clock's largest error in a while after the starts, as a mean over a blink."""
    worst_ms = 0.0
    for scene in run.scenes:
        whom = names(run, "chromium")
        after = span(run, metric, scene.zero_s + from_s, scene.zero_s + until_s, whom=whom)
        for trace in after.traces:
            blinks = scoring.means(after.clock_errors(trace), _BLINK_S)
            worst_ms = max(worst_ms, scoring.worst(blinks))
    return Result(metric=metric, value=worst_ms, unit="ms", target=target_ms)


def _worst_frames_of_host(run: Run, watch_s: float) -> Result:
    """The window's, over frames, 5 s after a start, as means over a second."""
    worst_ms = 0.0
    for scene in run.scenes:
        since_s, until_s = scene.zero_s + 5, scene.zero_s + watch_s
        errors = run.timelines.errors(run.traces[0].frames, since_s, until_s)
        worst_ms = max(worst_ms, scoring.worst(scoring.means(errors)))
    metric = "sync.start.host_from_5s_ms"
    return Result(metric=metric, value=worst_ms, unit="ms", target=figures.HOST[2])
