"""The host's own player: carries out what the follower asks for, and tells how it goes.

The window is a follower of the room like any browser: it never leads. Owns the pace (about
20 looks a second, and at once when something happens), timed starts and this screen's delay.
The decisions are `server.core.follower`'s, the media player is `engine`'s.

The delay is the head start of a screen whose picture or sound comes late (a television, Bluetooth
speakers): the follower lives on a clock that is ahead of the server's by so much. Instants are
shifted on their way in and back on their way out; the room's own time stays what it is.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.engine import Engine
from desktop.engine_trouble import BROKEN_OFF, IN_PIECES, STALLED, STANDS, UNFINISHED
from desktop.frames import Frame
from desktop.growth import Growth
from desktop.playback_record import OUT_OF_STEP, PlaybackRecord
from desktop.playback_report import Reporter
from desktop.reel import Decode, Source
from desktop.screen_guard import ScreenGuard
from desktop.slew import Slew
from server.core.follower import Follower
from server.core.messages import FollowHost
from server.core.observation import Command, Observation, Pause, Seek, SetRate, Start, Status
from server.core.state import Item
from server.core.timeline import Timeline, frame_middle, position_at
from server.core.tuning import HOST_WINDOW, SILENT_WINDOW

_LOOK_INTERVAL_MS = 50
_SEEKING_INTERVAL_MS = 10
"""Qt has no event for the end of a seek, which takes 5 to 15 ms in a file of short GOPs."""

_BUSY_WAIT_S = 0.002
"""A precise Qt timer fires within about 1 ms; the rest of a timed start is waited out."""

_LATE_START_S = 0.006
"""Lateness that a start makes good by skipping ahead: with sound, the gentle corrections of rate
need 3 s for each 10 ms."""

_SEEK_LAG_S = 0.003
"""QMediaPlayer's media clock runs on this long after setPosition() (measured, no audio)."""

_ROOM_COMES = "The room is coming to this screen: its sound device keeps its own time."

_UNKNOWN_FRAME_S = 0.040
"""Length assumed of the last frame where a film's frame rate varies or is unknown."""


class Player(QObject):
    """Plays the room's film in step with the room.

    Attributes:
        record: How that went with this film lately.

    Signals:
        reported(Report): how this window is doing; on change, and about once a second.
        failed(str): the film can't be played here, and why; empty once it is shown after all.
        asked(FollowHost): the room is to come to this screen, which seeks don't help.
    """

    reported = Signal(object)
    failed = Signal(str)
    asked = Signal(object)

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], float] = time.perf_counter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._now = now
        self._tuning = HOST_WINDOW
        self._follower = Follower(self._tuning)
        self._status = self._follower.status
        self._guard = ScreenGuard()
        self._reporter = Reporter()
        self.record = PlaybackRecord()
        self._delay_s = 0.0
        self._slew = Slew(engine, now, self)
        self._item: Item | None = None
        self._path: Path | None = None
        self._decode: Decode | None = None
        self._joined = False
        self._timeline: Timeline | None = None
        self._trouble = ""
        self._told = ""
        self._told_trouble = False
        self._growth = Growth(self)
        self._growth.grown.connect(self._on_grown)
        self._start_at_s = 0.0
        self._start = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._start.timeout.connect(self._play_on_time)
        self._looks = QTimer(self, interval=_LOOK_INTERVAL_MS)
        self._looks.timeout.connect(self.look)
        # Queued: Qt tells of some changes within the very call that carries out a command, and
        # a command must be carried out before the next look.
        engine.changed.connect(self.look, Qt.ConnectionType.QueuedConnection)
        engine.failed.connect(self._on_failed)
        engine.audio.device_changed.connect(self._guard.trust)
        engine.audio.available_changed.connect(self._tune)

    @property
    def status(self) -> Status:
        """How it keeps step, as of the latest look."""
        return self._status

    @property
    def delay_s(self) -> float:
        """How far this window runs ahead of the room on purpose; below 0: behind."""
        return self._delay_s

    @property
    def _shared_rate(self) -> float:
        return self._timeline.rate if self._timeline else 1.0

    def set_delay(self, delay_s: float) -> None:
        """Run ahead of the room by so much; a film that plays gets there soon."""
        by_s, self._delay_s = delay_s - self._delay_s, delay_s
        playing = self._timeline is not None and self._timeline.playing
        if self._start.isActive():
            self._start_at(self._start_at_s - by_s)
        elif self._guard.guarding:  # the room comes to where this screen is then wanted
            self._guard.measure_anew()
        elif playing and not (self._engine.paused or self._engine.seeking):
            self._slew.begin(by_s, keep_pitch=self._shared_rate != 1.0)
        self.look()

    def load(
        self,
        item: Item | None,
        path: Path | None,
        decode: Decode | None = None,
        *,
        joined: bool = False,
    ) -> None:
        """Show another film's first frame; None: no film.

        Args:
            item: The film.
            path: Its file; None if it has vanished from the library.
            decode: Lets FFmpeg decode it from a media time on, in seconds.
            joined: Whether an edit list puts it together from pieces.
        """
        if item is None or self._item is None or item.id != self._item.id:
            self._told = ""
        self._start.stop()
        self._slew.stop()
        self._guard.release()
        self._reporter = Reporter()
        self.record = PlaybackRecord()
        self._item = item
        self._path = path
        self._decode = decode
        self._joined = joined
        self._trouble = ""  # no more than a hope: its end is told when there is something to see
        self._growth.opened(path)
        self._engine.load(_source(item, path, decode, joined=joined))
        self._tune()
        if item is None:
            self._looks.stop()
            return
        if path is None:
            self._on_failed("The film’s file can’t be found any more. Open it again.")
        self._looks.start()

    def follow(self, timeline: Timeline) -> None:
        """Follow another timeline from now on."""
        before, self._timeline = self._timeline, timeline
        self._guard.follow(timeline)
        self._slew.stop()
        self.record.moved()
        if self._trouble and self._item is not None and timeline.item_id == self._item.id:
            # Its file may be well again, or elsewhere in it.
            self._told = ""
            self._open_again()
        if before is None or before.rate != timeline.rate:
            self._engine.set_rate(timeline.rate, keep_pitch=timeline.rate != 1.0)
        self.look()

    def stop(self) -> None:
        """Let go of the film."""
        self._looks.stop()
        self._start.stop()
        self._slew.stop()
        self._growth.opened(None)
        self._engine.load(None)

    @Slot()
    def look(self) -> None:
        """Compare the player with the room, do what the follower asks for, and report."""
        timeline, item = self._timeline, self._item
        if timeline is None or item is None or timeline.item_id != item.id:
            return
        frames = self._engine.take_frames()
        if self._slew.active:  # on its way to another delay: what it shows meanwhile says nothing
            return
        for frame in frames:
            self._follower.frame(frame.start_s, frame.shown_at_s + self._delay_s)
        if self._told_trouble and not self._trouble and self._shows(frames):
            self._told = ""
            self._told_trouble = False
            self._growth.leave()
            self.failed.emit("")
        now_s = self._now()
        observation = Observation(
            now_s=now_s + self._delay_s,
            timeline=timeline,
            duration_s=item.duration_s,
            frame_rate=item.frame_rate,
            position_s=self._engine.position_s if timeline.playing else self._engine.shown_s,
            paused=self._engine.paused,
            seeking=self._engine.seeking,
            can_play=self._engine.loaded,
            muted=not self._engine.audio.audible,
            measurable=self._engine.has_picture,
            playback_rate=self._engine.rate,
        )
        command = None if self._trouble else self._decide(observation, frames)
        if command is not None:
            self._carry_out(command)
        self.record.look(
            now_s,
            self._status,
            frames,
            playing=timeline.playing,
            rate=self._engine.rate,
            frame_rate=item.frame_rate,
        )
        report = self._reporter.report(
            self._status,
            now_s,
            loaded=self._engine.loaded,
            trouble=self._trouble or self._told,
            error_minute_ms=self.record.history.p95_ms(now_s),
            delay_ms=self._delay_s * 1000,
            reason=self._reason,
        )
        if report is not None:
            self.reported.emit(report)
        self._looks.setInterval(_SEEKING_INTERVAL_MS if self._engine.seeking else _LOOK_INTERVAL_MS)

    def _decide(self, seen: Observation, frames: list[Frame]) -> Command | None:
        if self._guard.guarding and seen.timeline.playing and not seen.paused:
            self._watch(seen, frames)
            return None
        if self._guard.guarding:
            self._guard.release()
        command = self._follower.step(seen)
        self._status = self._follower.status
        mends = not seen.paused and self._guard.mends(seen.now_s)
        if isinstance(command, Seek) and mends and self._follows_sound:
            return None if self._guard.spares(seen.now_s) else command
        return command

    def _watch(self, seen: Observation, frames: list[Frame]) -> None:
        """Leave the screen alone, and ask the room to come to it."""
        self._guard.watch((f.start_s, f.shown_at_s + self._delay_s) for f in frames)
        error_s = self._guard.error_s(seen.now_s)
        in_sync = error_s is not None and abs(error_s) <= HOST_WINDOW.in_sync_s
        self._status = replace(
            self._follower.status,
            state="in_sync" if in_sync else "catching_up",
            error_ms=None if error_s is None else error_s * 1000,
        )
        by_s = self._guard.wish(seen.now_s)
        if by_s is not None:
            self.asked.emit(FollowHost(by_s=by_s, revision=seen.timeline.revision))

    @Slot()
    def _tune(self) -> None:
        """Be as gentle as a sound device needs, or as quick as can be without one."""
        if self._item is None:
            return
        frames_alone = self._engine.has_picture and not self._sounds
        tuning = SILENT_WINDOW if frames_alone else HOST_WINDOW
        if tuning is not self._tuning:
            self._start.stop()  # the other follower plans its own
            self._tuning = tuning
            self._follower = Follower(tuning)

    @property
    def _sounds(self) -> bool:
        """Whether a sound device sets the pace."""
        has_sound = self._item is not None and self._item.audio_codec is not None
        return has_sound and self._engine.audio.available

    @property
    def _follows_sound(self) -> bool:
        """Whether the picture follows a sound device, and tells how far off it puts it."""
        return self._sounds and self._engine.has_picture

    @property
    def _reason(self) -> str:
        trouble = self.record.trouble
        return _ROOM_COMES if self._guard.guarding and trouble == OUT_OF_STEP else trouble

    def _carry_out(self, command: Command) -> None:
        match command:
            case Seek(position_s=position_s):
                self._start.stop()
                to_rest = self._timeline is not None and not self._timeline.playing
                self._engine.seek(position_s, to_rest=to_rest)
            case Start(at_s=at_s):
                self._start_at(at_s - self._delay_s)
            case Pause():
                self._start.stop()
                self._engine.pause()
            case SetRate(rate=rate):
                self._engine.set_rate(rate, keep_pitch=self._shared_rate != 1.0)

    def _start_at(self, at_s: float) -> None:
        self._start_at_s = at_s
        ahead_s = at_s - self._now() - _BUSY_WAIT_S
        self._start.start(max(0, int(ahead_s * 1000)))

    @Slot()
    def _play_on_time(self) -> None:
        while (left_s := self._start_at_s - self._now()) > 0:
            time.sleep(min(left_s, _BUSY_WAIT_S))
        late_s = self._now() - self._start_at_s
        if late_s < _LATE_START_S:
            self._engine.play()
        else:  # the window was busy: go on from where the room is by now
            ahead_s = (late_s + _SEEK_LAG_S) * self._shared_rate
            self._engine.play_from(self._engine.position_s + ahead_s)

    def _open_again(self) -> None:
        self.load(self._item, self._path, self._decode, joined=self._joined)

    @Slot()
    def _on_grown(self) -> None:
        """There is more of the film, if perhaps not yet where the room is."""
        timeline, item = self._timeline, self._item
        if timeline is None or item is None or timeline.item_id != item.id:
            return
        self._open_again()
        at_s = position_at(timeline, self._now() + self._delay_s, item.duration_s)
        self._engine.seek(at_s, to_rest=not timeline.playing)  # its beginning is not to be shown
        self._growth.watch(patiently=True)

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._start.stop()
        if message:
            self._growth.watch()
        else:
            self._growth.leave()
        if self._growth.lately and message in {BROKEN_OFF, IN_PIECES, STALLED, STANDS}:
            message = UNFINISHED
        if message != self._trouble:
            self._trouble = message
            self._told_trouble = True
            if message != self._told or not message:
                self._told = message
                self.failed.emit(message)
        self.look()

    def _shows(self, frames: list[Frame]) -> bool:
        """Whether these frames prove that the film plays here."""
        return bool(frames) if self._engine.has_picture else self._engine.loaded


def _source(
    item: Item | None, path: Path | None, decode: Decode | None, *, joined: bool
) -> Source | None:
    """What the engine is to show; None: nothing."""
    if item is None or path is None:
        return None
    if item.video_codec is None:
        return Source(path=path)
    return Source(
        path=path,
        last_frame_s=_last_frame_s(item),
        enters_late=item.mime.startswith(("video/mp2t", "video/mpeg")),
        even=item.frame_rate is not None and item.frame_rate >= 1,
        joined=joined,
        codec=item.video_codec,
        decode=decode,
    )


def _last_frame_s(item: Item) -> float:
    """Middle of a film's last frame in media seconds."""
    if item.frame_rate is None:
        return max(0.0, item.duration_s - _UNKNOWN_FRAME_S)
    return frame_middle(item.duration_s, item.frame_rate, item.duration_s)
