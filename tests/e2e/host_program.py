"""The host as users start it: the real program in a process of its own.

Owns the process, and what it printed; how guests see the room is `guest`'s.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from server.core.timeline import Timeline, position_at
from tests.e2e.eventually import eventually
from tests.media_files import CLIP

CHECKOUT = Path(__file__).parents[2]
CLIP_FPS = 30
CLIP_FRAMES = 1800
CLIP_S = CLIP_FRAMES / CLIP_FPS

Event = dict[str, Any]


class HostProgram:
    """One run of `matinee --headless --json`.

    Attributes:
        events: Every line that it printed, decoded.
        errors: What it said on standard error.
    """

    def __init__(self, process: Process) -> None:
        self.events: list[Event] = []
        self.errors = ""
        self._process = process
        self._readers = [
            asyncio.create_task(self._read_events()),
            asyncio.create_task(self._read_errors()),
        ]

    @classmethod
    async def launch(
        cls,
        state_dir: Path,
        *options: str,
        film: Path = CLIP,
        environ: Mapping[str, str] | None = None,
        python: Sequence[str] = (sys.executable, "-m", "desktop"),
    ) -> Self:
        """Start it, without waiting for anything.

        Args:
            state_dir: Where port, PIN and keys outlast the run; converted films go there, too.
            *options: More of the command line; a later one wins.
            film: What it plays.
            environ: Added to the environment.
            python: What runs, before the options.
        """
        process = await asyncio.create_subprocess_exec(
            *python,
            *("--headless", "--json", "--bind", "127.0.0.1", "--state-dir", str(state_dir)),
            *("--cache-dir", str(state_dir / "converted")),
            *options,
            str(film),
            cwd=CHECKOUT,
            env={**os.environ, **(environ or {})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,  # a Ctrl-C at the tests' terminal is not the host's
        )
        return cls(process)

    async def ready(self) -> Event:
        """Wait until it serves.

        Returns:
            The first event: how guests get in.
        """
        await eventually(lambda: self.events or self.exit_code is not None, within_s=30)
        assert self.events, f"the host ended with {self.exit_code}: {self.errors}"
        assert self.events[0]["event"] == "ready", self.events
        return self.events[0]

    @property
    def url(self) -> str:
        """Address of the page."""
        return str(self.events[0]["url"])

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.events[0]["port"])

    @property
    def invite_url(self) -> str:
        """The invitation link as it is now."""
        return str(self.last("ready", "invitation")["invite_url"])

    def invite_url_by(self, port: int) -> str:
        """The invitation link by way of another port, such as a relay's."""
        return self.invite_url.replace(f":{self.port}/", f":{port}/")

    @property
    def pin(self) -> str:
        """The PIN as it is now."""
        return str(self.last("ready", "invitation")["pin"])

    @property
    def exit_code(self) -> int | None:
        """The exit status, once it has ended."""
        return self._process.returncode

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def last(self, *kinds: str) -> Event:
        """The latest event of any of these kinds; an empty one if there was none."""
        return next((event for event in reversed(self.events) if event["event"] in kinds), {})

    async def event(self, kind: str, within_s: float = 30, **fields: object) -> Event:
        """Wait for an event of this kind with these fields, or take one that came already."""

        def matching() -> Event:
            wanted = {"event": kind, **fields}.items()
            return next((event for event in self.events if wanted <= _flat(event).items()), {})

        return await eventually(matching, within_s=within_s)

    @property
    def timeline(self) -> Timeline | None:
        """The room's timeline as last announced; None before a film's first change."""
        fields = Timeline.__struct_fields__
        event = self.last("playback", "item")
        if event.get("event") != "playback":
            return None
        return msgspec.convert({k: v for k, v in event.items() if k in fields}, Timeline)

    @property
    def moves(self) -> list[tuple[str, str]]:
        """What was done to the film, and by whom; not what the room does to suit its displays."""
        own = {"suit_displays", "suited_displays"}
        events = (event for event in self.events if event["event"] == "playback")
        return [(str(e["action"]), str(e["name"])) for e in events if e["action"] not in own]

    def expected_frame(self, now_s: float | None = None) -> int:
        """Which frame of the clip belongs on every screen, by the timeline it announced.

        Args:
            now_s: Instant of `time.perf_counter`, which is the host's clock too; None: now.
        """
        timeline = self.timeline
        if timeline is None:
            return 0
        at_s = time.perf_counter() if now_s is None else now_s
        position_s = position_at(timeline, at_s, CLIP_S)
        return min(int(position_s * CLIP_FPS), CLIP_FRAMES - 1)

    async def interrupt(self) -> int:
        """Ctrl-C, and wait for the end.

        Returns:
            The exit status.
        """
        self._process.send_signal(signal.SIGINT)
        return await self.ended()

    async def kill(self) -> None:
        """End it as a crash would: no goodbye to anybody."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self.ended()

    async def ended(self, within_s: float = 30) -> int:
        """Wait for the end of the process.

        Returns:
            The exit status.
        """
        async with asyncio.timeout(within_s):
            code = await self._process.wait()
            await asyncio.gather(*self._readers)
        return code

    async def close(self) -> None:
        """Make sure that it is gone, whatever happened."""
        if self.exit_code is None:
            with contextlib.suppress(TimeoutError, ProcessLookupError):
                await self.interrupt()
        await self.kill()

    async def _read_events(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.events.append(json.loads(line))

    async def _read_errors(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.errors += line.decode(errors="replace")


def _flat(event: Event) -> Event:
    """Only what can be compared as a set of items."""
    return {k: v for k, v in event.items() if isinstance(v, str | int | float | bool | None)}
