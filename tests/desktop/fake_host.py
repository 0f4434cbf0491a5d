"""A host without a server: what it is told is kept, what it says comes from another thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from server.core.cues import Batch
from server.core.errors import HostError
from server.core.messages import (
    PROTOCOL_VERSION,
    Intent,
    Invitation,
    ItemChanged,
    Report,
    ServerMessage,
    Welcome,
)
from server.core.state import HOST_ID, Cause, Control, Item, Person, Status
from server.core.timeline import Timeline
from server.host import Decoding
from tests.media_files import CLIP

FILM = Item(id="film", title="Night Train", duration_s=600.0, frame_rate=25.0, video_codec="h264")
HOST = Person(id=HOST_ID, name="Host", role="host")
ANA = Person(id="ana", name="Ana")
BEN = Person(id="ben", name="Ben")
NO_FILM = Timeline(item_id=None, position_s=0.0, at_s=0.0)
PAUSED = Timeline(item_id="film", position_s=60.0, at_s=0.0)
INVITATION = Invitation(
    port=8420,
    urls=("http://192.168.1.5:8420/",),
    pin="123456",
    invite_url="http://192.168.1.5:8420/#invite=c2VjcmV0LXNlY3JldC1zZWM",
)


def welcome(
    *,
    item: Item | None = None,
    timeline: Timeline = NO_FILM,
    control: Control | None = None,
    people: tuple[Person, ...] = (HOST,),
    statuses: tuple[Status, ...] = (),
) -> Welcome:
    return Welcome(
        protocol=PROTOCOL_VERSION,
        epoch="e",
        you=HOST_ID,
        room="Matinee",
        version="0",
        item=item,
        timeline=timeline,
        control=control or Control(controller=HOST_ID),
        people=people,
        statuses=statuses,
    )


@dataclass
class Opened:
    path: Path
    loop: bool
    future: "Future[Item]" = field(default_factory=Future)


class FakeHost:
    """Stands in for `server.host.Host`, as the window sees it."""

    def __init__(self) -> None:
        self.intents: list[Intent] = []
        self.reports: list[Report] = []
        self.opened: list[Opened] = []
        self.paths: dict[str, Path] = {FILM.id: CLIP}
        self.joined: set[str] = set()
        self.decoded: list[tuple[str, float]] = []
        self.thumbnails: list[tuple[str, float]] = []
        self.picture = b""
        self.followed: list[tuple[str, str]] = []
        self.subtitles: dict[str, Batch] = {}
        self.subtitle_pictures: list[bytes] = []
        self.asked_pictures: list[int] = []
        self.stopped = False
        self._listeners: list[Callable[[ServerMessage], None]] = []
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fake-server")

    def start(self) -> Invitation:
        return INVITATION

    def stop(self) -> None:
        self.stopped = True
        self._thread.shutdown()

    def submit(self, intent: Intent) -> None:
        if not self.stopped:
            self.intents.append(intent)

    def report(self, report: Report) -> None:
        if not self.stopped:
            self.reports.append(report)

    def open(self, path: Path, *, loop: bool = False) -> "Future[Item]":
        opened = Opened(path, loop)
        if self.stopped:
            opened.future.set_exception(HostError("not_running", "The session has ended."))
        self.opened.append(opened)
        return opened.future

    def path_of(self, item_id: str) -> Path | None:
        return self.paths.get(item_id)

    def is_joined(self, item_id: str) -> bool:
        return item_id in self.joined

    def decode(self, item_id: str, position_s: float) -> "Future[Decoding]":
        self.decoded.append((item_id, position_s))
        undecodable: Future[Decoding] = Future()
        undecodable.set_exception(HostError("not_running", "There is no FFmpeg here."))
        return undecodable

    def thumbnail(self, item_id: str, position_s: float) -> "Future[bytes]":
        self.thumbnails.append((item_id, position_s))
        return _done(self.picture)

    def cover(self, item_id: str) -> "Future[bytes]":
        return _done(self.picture)

    def follow_subtitles(
        self, item_id: str, track_id: str, deliver: Callable[[Batch], None]
    ) -> Callable[[], None]:
        self.followed.append((item_id, track_id))
        self._thread.submit(deliver, self.subtitles.get(track_id, Batch(done=True)))
        return lambda: None

    def subtitle_picture(self, item_id: str, track_id: str, number: int) -> "Future[bytes]":
        self.asked_pictures.append(number)
        return self._thread.submit(lambda: self.subtitle_pictures[number])

    def subscribe(self, listener: Callable[[ServerMessage], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def say(self, *messages: ServerMessage) -> None:
        """Send messages to the window, from the server's thread."""
        for message in messages:
            for listener in list(self._listeners):
                self._thread.submit(listener, message).result(timeout=10)

    def do(self, action: Callable[[], object]) -> None:
        """Run something on the server's thread."""
        self._thread.submit(action).result(timeout=10)


def _done(picture: bytes) -> "Future[bytes]":
    future: Future[bytes] = Future()
    future.set_result(picture)
    return future


def opening_of(item: Item, by: Person = HOST) -> ItemChanged:
    return ItemChanged(
        item=item,
        timeline=Timeline(item_id=item.id, position_s=0.0, at_s=0.0, revision=1),
        cause=Cause(action="open", by=by.id, name=by.name),
    )
