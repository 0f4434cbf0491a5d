"""How well Matinee keeps step beside what people use today, all in the same run.

Four pages, each in a Chromium of its own, show the same clip on the same timeline: the program's
own page, served by the real program, and beside it a page for each peer's rule: the
demonstration of 2010, Jellyfin's SyncPlay, and the library `timingsrc`. Undisturbed, any rule
looks perfect, so all go through the same: they join 3 s into the film; their renderers are
stopped for 1 s; the film is sought while it plays; it starts over a bad network.

The peers get more than they have in life: the exact timeline the moment the conductor has it, on
an exact clock, whatever the network does; and Jellyfin's correction, off by default, is on. The
program's page learns both over its own WebSocket.

Scored is the media clock, on the true clock (see `score`), in the 5 s after a disturbance and in
the time after those (`settled`); and how long it took until every frame was within 33 ms and
stayed so. Whoever never was, has the whole time of watching for it.
"""

import asyncio
import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench import runs_kept, sync
from tests.bench.disturbances import Scene, join_late, seek, start, stop_renderer, until
from tests.bench.peers.hall import OURS, PEERS, Hall, hall
from tests.bench.peers.score import SCENE_S, Score
from tests.bench.report import Result, percentile, progress
from tests.bench.scenarios.settled import NEAR

NAME = "peers"
SCENES = ("join", "stop", "seek", "start")
TARGET_RATIO = 5.0
ROUNDS = 3
FOLDER = sync.FOLDER / sync.RUNS
"""Where each run is kept, for the table in docs/PRECISION.md."""

JOIN_AT_S = 3.0
STOP_S = 1.0
SEEK_TO_S = 5.0
WATCH_S = SCENE_S + 5.0
"""So long each scene is watched; whoever is not in step by then, never was."""
_WEATHER_S = 5.0  # two bursts of the clock fall into it


async def measure(*, rounds: int = ROUNDS, folder: Path = FOLDER) -> list[Result]:
    """Run all scenes, some times over, each time with new browsers and a new host.

    Args:
        rounds: How often.
        folder: Where the run is kept.
    """
    scores = {rule: Score() for rule in (OURS, *PEERS)}
    for number in range(1, rounds + 1):
        progress(f"peers: round {number} of {rounds}")
        async with hall(*scores) as room:
            scenes = await _show(room)
            for guest in room.guests:
                zeros_s = {
                    name: scene.zero_s
                    for name, happened in scenes.items()
                    for scene in happened
                    if guest.name in scene.whom
                }
                scores[guest.name].add(await guest.trace(), room.timelines, zeros_s, WATCH_S)
    found = figures(scores)
    runs_kept.keep(NAME, found, folder)
    return found


def figures(scores: Mapping[str, Score]) -> list[Result]:
    """The metrics of all rules, and how many times better than the best of the others ours is."""
    return [
        *(result for rule, score in scores.items() for result in _of(rule, score)),
        _ratio("settled", scores, lambda score: score.settled_p95_ms, TARGET_RATIO),
        _ratio("scenes", scores, lambda score: score.scenes_p95_ms, TARGET_RATIO),
        *(
            _ratio(scene, scores, functools.partial(Score.scene_p95_ms, scene=scene))
            for scene in SCENES
        ),
    ]


async def _show(room: Hall) -> dict[str, list[Scene]]:
    """All scenes, one after the other."""
    await until((await room.play_from(0.0)).at_s + JOIN_AT_S)
    joined = list(await asyncio.gather(*(join_late(room, guest.name) for guest in room.guests)))
    await _watch(joined)
    # One after the other, so that they don't compete for the machine as they go on.
    stopped = [await stop_renderer(guest, STOP_S) for guest in room.guests]
    await _watch(stopped)
    sought = [await seek(room, SEEK_TO_S)]
    await _watch(sought)
    await room.pause()
    await room.seek(0.0)
    room.weather(NEAR)
    await asyncio.sleep(_WEATHER_S)
    started = [await start(room)]
    await _watch(started)
    return dict(zip(SCENES, (joined, stopped, sought, started), strict=True))


async def _watch(scenes: list[Scene]) -> None:
    await until(max(scene.zero_s for scene in scenes) + WATCH_S + 0.2)


def _of(rule: str, score: Score) -> list[Result]:
    found: list[Result] = []
    for scene in SCENES:
        name = f"peers.{rule}.{scene}"
        p95_ms, took_s = score.scene_p95_ms(scene), percentile(score.within_s[scene], 50)
        found += [
            Result(metric=f"{name}.media_clock_p95_ms", value=p95_ms, unit="ms"),
            Result(metric=f"{name}.within_33_s", value=took_s, unit="s"),
        ]
    name = f"peers.{rule}.settled.media_clock"
    p50_ms = percentile(score.settled_ms, 50)
    return [
        *found,
        Result(metric=f"{name}_p50_ms", value=p50_ms, unit="ms"),
        Result(metric=f"{name}_p95_ms", value=score.settled_p95_ms, unit="ms"),
    ]


def _ratio(
    name: str,
    scores: Mapping[str, Score],
    p95_ms: Callable[[Score], float],
    target: float | None = None,
) -> Result:
    best_ms = min(p95_ms(scores[rule]) for rule in PEERS)
    return Result(
        metric=f"peers.ratio.{name}_p95",
        value=best_ms / p95_ms(scores[OURS]),
        unit="times",
        target=target,
        better="higher",
    )
