"""One run of the server on its loop: the composition root, and what the parts tell each other.

Hub, network edge and media library know each other only through Protocols; here they meet.
"""

import asyncio
import http.client
import logging
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import server
from server.assets import asset_path
from server.config import DEFAULT_CACHE_BYTES, DEFAULT_CONVERSIONS, DEFAULT_PORT, Config
from server.core.cues import Batch
from server.core.errors import HostError, MediaError, UnknownItem
from server.core.messages import (
    CancelPreparation,
    Invitation,
    Preparation,
    ServerMessage,
    TimelineChanged,
)
from server.core.session import new_session
from server.core.state import Item, Role
from server.hub import Hub
from server.media.direct import DirectMedia
from server.media.disk import Disk
from server.media.films import Films, Part
from server.media.growth import goes_on
from server.media.hls.decoding import Decoding, decode
from server.media.hls.part import HlsPart
from server.media.library import Entry, Library
from server.media.pictures.part import CoverPart, Pictures, ThumbnailsPart
from server.media.plan import PlanPart
from server.media.probe import PATIENCE_S, failure, probe
from server.media.sameness import Mark, mark_of
from server.media.subtitles.part import SubtitlesPart
from server.media.subtitles.shelf import Shelf
from server.net.access import Access
from server.net.addresses import first_addresses, url_of, watch
from server.net.app import create_app
from server.net.credentials import Credentials
from server.net.door import Door
from server.net.listen import allow_many_sockets, bind_socket
from server.net.serve import make_server

log = logging.getLogger("matinee.run")

ADDRESS_WATCH_S = 3.0
"""How often the machine's addresses are looked at; a changed Wi-Fi shows within this time."""

SERVER_DIED = "server_died"
"""Code of the problem after which nothing more comes."""

FAREWELL = "The host ended the session."
"""Told to every guest when the host stops."""

_NOT_OPENED = MediaError(
    "not_opened", "The host wanted to open another film, but it can’t be played. Nothing changed."
)

_GOES_ON = MediaError(
    "film_growing",
    "This film is still being recorded or copied: here it ends where it did when it was opened. "
    "The host must open it again for the rest.",
)

_FAREWELL_S = 1.0
"""How long sockets get to take that last message before the port closes."""

_PORT_TRIES = 20
"""Ports tried from the remembered or default one on."""


def server_died() -> HostError:
    """What is said when it ended though nobody asked for that."""
    return HostError(
        SERVER_DIED, "The server ended by itself: guests can't reach it. Start Matinee again."
    )


class Run:
    """Everything that lives from start to stop, on one loop."""

    def __init__(self, config: Config) -> None:
        """Put the parts together; nothing is served yet.

        Raises:
            HostError: The port can't be had, or an option makes no sense.
        """
        self.loop = asyncio.get_running_loop()
        self._config = config
        page = asset_path("web")
        allow_many_sockets()
        self._credentials = Credentials(config.state_dir, config.pin, time.time)
        self._socket = _listening_socket(config, self._credentials.port)
        self._port = int(self._socket.getsockname()[1])
        self._credentials.remember_port(self._port)
        self._access = Access(
            self._credentials,
            port=self._port,
            host_link=config.headless,
            wall_clock=time.time,
        )
        self._door = Door(config.limits)
        self.library = Library()
        self.hub = Hub(
            new_session(
                host_name=config.host_name,
                policy=config.policy,
                now_s=time.perf_counter(),
                host_present=not config.headless,
                grace_s=config.limits.grace_s,
                forget_s=config.limits.forget_s,
            ),
            epoch=secrets.token_hex(8),
            room=config.room,
            version=server.__version__,
            on_removed=self._removed,
            on_cancel=self._cancelled,
            failures=self._failures,
        )
        self._hls = HlsPart(
            config.cache_dir or config.state_dir / "converted",
            self.hub.tell_preparation,
            self.hub.film_lost,
            self.hub.position_s,
            cache_bytes=config.cache_bytes or DEFAULT_CACHE_BYTES,
            conversions=config.conversions or DEFAULT_CONVERSIONS,
            memory=config.state_dir / "keyframes",
        )
        self._media = DirectMedia(self.hub.film_lost)
        self._pictures = Pictures()
        self._subtitles = Shelf(config.state_dir / "cache", self.hub.position_s)
        films = Films(self.library, self._parts())
        app = create_app(self._access, self.hub, films, page, config=config)
        self._server = make_server(app, self._door, behind_proxy=config.public_url is not None)
        self._addresses = first_addresses(config.bind)
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._opening: asyncio.Task[object] | None = None
        self._watching: asyncio.Task[None] | None = None
        self.hub.listen(self._heard)

    async def start(self) -> None:
        """Serve, and return once the server has answered a request of its own.

        Raises:
            HostError: It does not answer.
        """
        self._tasks.append(self.loop.create_task(self._server.serve(sockets=[self._socket])))
        await asyncio.to_thread(require_answer, self._config.bind, self._port)
        self._hls.start()  # only now: looking at FFmpeg costs what starting up needs
        self._subtitles.start()
        self._tasks.append(
            self.loop.create_task(
                watch(self._config.bind, self._addresses, ADDRESS_WATCH_S, self._moved)
            )
        )
        self.hub.invite(self.invitation)

    @property
    def invitation(self) -> Invitation:
        """How guests get in, now."""
        urls = [url_of(address, self._port) for address in self._addresses]
        if self._config.public_url is not None:
            urls.insert(0, f"{self._config.public_url}/")
        host_secret = self._access.host_secret
        return Invitation(
            port=self._port,
            urls=tuple(urls),
            pin=self._access.pin,
            invite_url=f"{urls[0]}#invite={self._access.invite_secret}",
            host_url=f"{urls[0]}#host={host_secret}" if host_secret else None,
        )

    async def open(self, path: Path, *, loop: bool) -> Item:
        """Probe a file and switch everyone to it; one that is still being probed is given up.

        Raises:
            MediaError: The file can't be used; nobody is switched.
            CancelledError: Another file was chosen meanwhile.
        """
        if self._opening is not None:
            self._opening.cancel()  # else the slower of two disks would decide what is shown
        self._opening = asyncio.current_task()
        try:
            facts = await probe(path, cache=self._config.state_dir / "probed")
            await self._hls.look_again()
            mark = await _mark(path)
        except MediaError:
            self.hub.tell_guests(_NOT_OPENED)  # why, and of which file, is the host's to know
            raise
        finally:
            if self._opening is asyncio.current_task():
                self._opening = None
        item = self.library.add(path, facts, loop=loop, mark=mark)
        self.hub.open_item(item)
        self._hls.shown(item.id)  # only now: whose request fails shall have heard why
        self._subtitles.shown(self.library.entry(item.id).path)
        if self._watching is not None:
            self._watching.cancel()
        self._watching = self.loop.create_task(
            self._tell_if_it_goes_on(self.library.entry(item.id))
        )
        return item

    def stop(self) -> None:
        """Let `until_stopped` return."""
        self._stop.set()

    async def until_stopped(self) -> None:
        """Wait for `stop`.

        Raises:
            HostError: The server, or what watches the network, ended by itself.
        """
        stop = self.loop.create_task(self._stop.wait())
        await asyncio.wait([stop, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        if stop.done():
            return
        stop.cancel()
        error = server_died()
        self.hub.tell_problem(error)
        raise error

    async def close(self) -> None:
        """Tell everyone that it is over, and give the port back."""
        await self.hub.end(FAREWELL, _FAREWELL_S)
        await self._subtitles.close()  # or answers that wait for more would keep the server
        self._server.should_exit = True
        if self._watching is not None:
            self._watching.cancel()
        for task in self._tasks[1:]:  # the first one is serving, and ends by itself
            task.cancel()
        for ended in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                log.error("The server ended by an error.", exc_info=ended)
        await self._hls.close()
        await self._pictures.close()
        self._socket.close()

    async def _tell_if_it_goes_on(self, entry: Entry) -> None:
        if await goes_on(entry):
            self.hub.remark(entry.item.id, _GOES_ON)

    def _cancelled(self, message: CancelPreparation) -> None:
        self._hls.cancel(message.item, message.what)

    def _failures(self, item_id: str, role: Role) -> list[Preparation]:
        return self._hls.failures(item_id, role)

    def _parts(self) -> dict[str, Part]:
        """What is served of a film, by the first part of the path behind its id."""
        return {
            "": self._media,
            "plan": PlanPart(self._hls.can_convert, self._hls.expect),
            "hls": self._hls,
            "subtitles": SubtitlesPart(self._subtitles),
            "thumbnails": ThumbnailsPart(self._pictures),
            "cover": CoverPart(self._pictures),
        }

    async def thumbnail(self, item_id: str, position_s: float) -> bytes:
        """The small picture of a film for a media time, as JPEG; empty where there is none."""
        try:
            entry = self.library.entry(item_id)
        except UnknownItem:
            return b""
        return await self._pictures.thumbnail(entry, position_s)

    async def cover(self, item_id: str) -> bytes:
        """The picture that a file carries for itself; empty where there is none."""
        try:
            entry = self.library.entry(item_id)
        except UnknownItem:
            return b""
        return await self._pictures.cover(entry)

    async def decode(self, item_id: str, position_s: float) -> Decoding:
        """Let FFmpeg decode a film from a media time on, in seconds.

        Raises:
            MediaError: There is no such film, no FFmpeg, or it can't be decoded.
        """
        entry = self.library.entry(item_id)
        ffmpeg = await self._hls.ffmpeg(entry)
        return await entry.disk.ask(lambda: decode(entry, ffmpeg, position_s))

    async def follow_subtitles(
        self, item_id: str, track_id: str, deliver: Callable[[Batch], None]
    ) -> None:
        """Hand over a track as it becomes known; the last batch is `done`, whatever happened."""
        try:
            track = await self._subtitles.track(self.library.entry(item_id), track_id)
            async with aclosing(track.batches()) as batches:
                async for batch in batches:
                    deliver(batch)
        except MediaError as error:
            deliver(Batch(done=True, error=error.message))
        else:
            deliver(Batch(done=True))

    async def subtitle_picture(self, item_id: str, track_id: str, number: int) -> bytes:
        """A picture of a track, as PNG; empty where there is none."""
        try:
            entry = self.library.entry(item_id)
            return await self._subtitles.picture(entry, track_id, number)
        except MediaError:
            return b""

    def _heard(self, message: ServerMessage) -> None:
        if isinstance(message, TimelineChanged) and message.cause.action == "seek":
            timeline = message.timeline
            if timeline.item_id is not None:
                self._hls.sought(timeline.item_id, timeline.position_s)

    def _removed(self, participant_id: str) -> None:
        self._access.revoke(participant_id)
        self._door.expel(participant_id)
        self.hub.invite(self.invitation)

    def _moved(self, addresses: tuple[str, ...]) -> None:
        log.info("This machine's addresses are now %s.", ", ".join(addresses))
        self._addresses = addresses
        self.hub.invite(self.invitation)


async def _mark(path: Path) -> Mark:
    """Return what a file is known by; as of its probe, nobody waits for ever for its disk."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await Disk().ask(lambda: mark_of(path))
    except TimeoutError:
        raise failure("probe_timeout", path) from None


def _listening_socket(config: Config, remembered: int | None) -> socket.socket:
    if config.port is not None:
        return bind_socket(config.bind, config.port)
    return bind_socket(config.bind, remembered or DEFAULT_PORT, tries=_PORT_TRIES)


def require_answer(bind: str, port: int) -> None:
    """Ask the server for its health, as a guest would.

    Raises:
        HostError: No answer, or a wrong one.
    """
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 - read, not bound
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/health")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:  # the latter: not our server
        raise HostError(
            "no_answer", f"The server does not answer its own request: {error}."
        ) from error
    finally:
        connection.close()
    if status != http.client.OK:
        raise HostError("no_answer", f"The server answers its own request with status {status}.")
