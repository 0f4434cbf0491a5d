"""Qt's media player as a plain machine: load, play, pause, seek, and the frames it shows.

Owns QMediaPlayer, its audio output and the record of frames. It does not know the room, its
timeline or when to do anything (`player`). `QMediaPlayer.position()` lags by 9 to 67 ms, so
where a film is comes from its frames; only sound without a picture is left with it.
"""

import logging
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtMultimedia import QMediaPlayer

from desktop import engine_trouble
from desktop.audio import Audio
from desktop.disk_wait import DiskWait
from desktop.first_frame import FirstFrame
from desktop.frame_feed import FrameFeed
from desktop.frames import Frame, SeekWatch
from desktop.gap_search import GapSearch
from desktop.last_frame import LastFrame
from desktop.reel import Reel, Source
from desktop.video_surface import VideoSurface
from desktop.walk import Walk

_log = logging.getLogger(__name__)

_Status = QMediaPlayer.MediaStatus
_READY = {_Status.LoadedMedia, _Status.BufferingMedia, _Status.BufferedMedia, _Status.EndOfMedia}

_BEGINNING_S = 0.1
"""Qt fails to seek to before the first frame of some files (FLV); opening them anew leads there."""


class Engine(QObject):
    """One QMediaPlayer and what it puts on the screen.

    Attributes:
        has_picture: Whether frames tell where it is.

    Signals:
        changed(): something that the follower should look at happened (loaded, seeked, ended).
        failed(str): the film can't be played here, and why, for a person; empty: it can after all.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(
        self,
        surface: VideoSurface,
        now: Callable[[], float] = time.perf_counter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._player = QMediaPlayer(self)
        self._player.setVideoOutput(surface)
        self.audio = Audio(self._player, self)
        self._reel = Reel(self)
        self._disk = DiskWait(self)
        self._disk.trouble.connect(self.failed)
        self._disk.back.connect(self._on_disk_back)
        self._postponed = partial(self.load, None)
        self._seek = SeekWatch()
        self._reel.begun.connect(lambda at_s: self._seek.begin(at_s, now(), self._reel.patience_s))
        self._gap: GapSearch | None = None
        self._walk = Walk(self.audio, self._reopen)
        self._last: Frame | None = None
        self.has_picture = False
        self._rest_s = 0.0
        self._entered = False
        self._ended_badly = False
        self._end = LastFrame(self)
        self._end.due.connect(self._hold_by_the_clock)
        self._first = FirstFrame(self)
        self._first.missing.connect(self._on_no_picture)
        self._reel.undecodable.connect(self._first.wait_on)
        self._feed = FrameFeed(
            surface, reel=self._reel, walk=self._walk, end=self._end, now=now, parent=self
        )
        self._feed.stop_due.connect(self._hold_last_frame)
        # What there is to choose is known only once the film is loaded.
        self._player.tracksChanged.connect(partial(self.audio.play_track, self._player))
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.errorOccurred.connect(self._on_error)

    # --- What it is doing -------------------------------------------------------------------

    @property
    def loaded(self) -> bool:
        """Whether there is a film that can be shown."""
        return self._player.mediaStatus() in _READY

    @property
    def paused(self) -> bool:
        """Whether it stands still, other than by having come to the end by itself."""
        playing = self._player.playbackState() == QMediaPlayer.PlaybackState.PlayingState
        return self._walk.active or not (playing or self._end.held)

    @property
    def seeking(self) -> bool:
        """Whether the frame that was sought has not been shown yet."""
        return self.has_picture and (self._walk.active or self._seek.under_way(self._now()))

    @property
    def rate(self) -> float:
        """Playback rate."""
        return self._walk.rate if self._walk.active else self._player.playbackRate()

    @property
    def position_s(self) -> float:
        """Media time from which it would go on, in seconds.

        At rest that is where it was sent or paused, within the frame: Qt goes on from there.
        """
        if not self.has_picture:
            return self._player.position() / 1000
        if self._last is None or self._walk.active or (self.paused and self._early):
            return self._rest_s
        if not self.paused:
            return self._last.start_s + (self._now() - self._last.shown_at_s) * self.rate
        return self._last.clamp(self._rest_s)

    @property
    def shown_s(self) -> float:
        """Media time on the screen: not `position_s` at a key frame to which nobody walked up."""
        if self._last is not None and self._early and self._entered:
            return self._last.clamp(self._rest_s)
        return self.position_s

    @property
    def _early(self) -> bool:
        """Whether a key frame stands there before its time: Qt goes on from where it was sent."""
        late = self._reel.enters_late
        return late and self._last is not None and self._last.start_s > self._rest_s

    # --- What it is told --------------------------------------------------------------------

    def load(self, film: Source | None) -> None:
        """Show a film's first frame, paused; None unloads."""
        if self._disk.hangs(self._now()):  # Qt would wait with it, and the window stand still
            self._postponed = partial(self.load, film)
            wanted = film.path if film is not None else None
            self._player = self._disk.stand_in(self._player, self._reel.path, wanted)
            self._reel.take(None)
            return
        self._reset()
        last_frame_s = film.last_frame_s if film is not None else None
        self.has_picture = last_frame_s is not None
        self._reel.take(film)
        self._first.expect(self._reel.path, picture=self.has_picture, doubtful=self._reel.doubtful)
        self._end.expect(last_frame_s)
        self._seek.begin(0.0, self._now())
        self._reel.open(self._player)

    def close(self) -> None:
        """Let go of the film: the program ends."""
        self.load(None)
        self._disk.leave()

    def play(self) -> None:
        """Go on from the frame on screen, now."""
        if self._early:
            self._last = Frame(self._rest_s, self._rest_s, self._now())
        self._leave_place()
        self._player.play()

    def play_from(self, position_s: float) -> None:
        """Go on from another media time, now."""
        if not (self._reel.decoding or self._reel.enters_late):  # a seek takes longer than was lost
            self._look_at(position_s)
        self.play()

    def pause(self) -> None:
        """Stand still, now."""
        self._walk.leave(self._player)
        self._end.stop()
        if not self.paused:
            self._rest_s = self.position_s
        self._leave_place()
        self._player.pause()

    def seek(self, position_s: float, *, to_rest: bool = True) -> None:
        """Pause, and show the frame at a media time.

        Args:
            position_s: The media time.
            to_rest: Whether it is to stand there; else the next frame reached at once will do.
        """
        self.pause()
        self._rest_s = position_s
        self._go_to(position_s, walk=to_rest and self.loaded)

    def set_rate(self, rate: float, *, keep_pitch: bool) -> None:
        """Set the playback rate.

        Args:
            rate: The rate.
            keep_pitch: False for the slight changes of sync: resampling is cheap and exact.
        """
        if self._player.pitchCompensation() != keep_pitch:
            self._player.setPitchCompensation(keep_pitch)
        self._walk.rate = rate
        if not self._walk.active:
            self._player.setPlaybackRate(rate)

    def choose_audio(self, index: int | None) -> None:
        """Play another of the film's soundtracks, counted from 0.

        Args:
            index: Which; None leaves it to Qt.
        """
        self.audio.choose_track(self._player, index)

    def take_frames(self) -> list[Frame]:
        """The frames shown since the last call, without those of before a seek."""
        frames: list[Frame] = []
        for shown in self._feed.take():
            self._first.came()
            self._disk.stall.over()  # whichever it is, it was read
            if self._walk.active:
                self._last = shown
                continue
            gap = self._gap if self.seeking else None
            if self._seek.accepts(shown):
                self._last = self._look_into_gap(gap, shown) if gap is not None else shown
                frames.append(self._last)
        if self._walk.step(self._player, self._last, self._now()):
            self._seek = SeekWatch()
            frames += [self._last] if self._last else []
            self.changed.emit()
        if frames and not self.paused:
            self._end.prepare(frames[-1], self.rate, self._now())
        over = self._ended_badly or self._player.mediaStatus() == _Status.EndOfMedia
        sought = self.seeking and not self._reel.decoding
        due = not over and (sought or not (self.paused or self._end.held))
        due = due and self.has_picture
        self._disk.look(self._now(), self._reel.path, due=due, even=self._reel.even)
        return frames

    # --- Its own events ---------------------------------------------------------------------

    def _reopen(self) -> None:
        self._reel.open(self._player)
        self._feed.clear()
        self._last = None  # what was shown until now says nothing of where it is

    def _look_into_gap(self, gap: GapSearch, frame: Frame) -> Frame:
        """Go back from a frame that is shown before its time, if it is."""
        further_s = gap.look(frame)
        self._gap = gap if further_s is not None else None
        if further_s is not None:
            self._look_at(further_s)
        return gap.stretched(frame)

    @Slot()
    def _hold_last_frame(self) -> None:
        if self._walk.active:
            self._walk.stop(self._player)
            return
        if self.seeking:
            return  # it was the last frame of before a jump
        if self._player.playbackState() == QMediaPlayer.PlaybackState.PlayingState:
            self._player.pause()
            self._end.held = True

    @Slot()
    def _hold_by_the_clock(self) -> None:
        """The last frame is due. Where a busy machine has not shown it yet, go there."""
        self._hold_last_frame()
        shown = self._feed.latest_end_us > self._end.middle_us
        if self._last is None or not self._end.held or shown:
            return
        place_s = self._end.place_s(self._last)
        if place_s is not None and place_s > self._last.end_s:
            self._put_back(place_s)

    @Slot(_Status)
    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status == _Status.EndOfMedia:
            self._came_to_the_end()
        elif status == _Status.LoadedMedia and self._last is None:
            self._first.loaded()
            if self._rest_s > 0 and not self._reel.decoding:  # asked for while it loaded
                self._go_to(self._rest_s)
        self.changed.emit()

    def _came_to_the_end(self) -> None:
        """The film ended, and Qt blanked the screen before any pause: put the last frame back."""
        nothing = not (self._feed.waits or self._reel.awaiting) and self._first.give_up()
        if nothing or self._reel.awaiting or self._looks_elsewhere():
            return
        if self._last is None or self._end.put_back or self._walk.active:
            return  # nothing was shown, or what follows the last frame can't be sought
        place_s = self._end.place_s(self._last)
        if place_s is not None:
            self._put_back(place_s)
        else:
            _log.warning("The film breaks off at %.1f s", self._last.middle_s)
            in_pieces = self._reel.in_pieces
            self._end_badly(engine_trouble.IN_PIECES if in_pieces else engine_trouble.BROKEN_OFF)

    def _looks_elsewhere(self) -> bool:
        """Whether FFmpeg was killed, or a place was sought where only sound is left."""
        if self._reel.was_killed(self._now()):
            last = None if self.seeking else self._last
            self.seek(last.end_s if last is not None else self._seek.target_s, to_rest=False)
            return True
        further_s = self._gap.nothing() if self._gap is not None and self.seeking else None
        if further_s is not None:
            self._look_at(further_s)
        return further_s is not None

    def _put_back(self, place_s: float) -> None:
        """Rest on the last frame, though it was left or never shown."""
        self._rest_s = place_s
        self._end.held = self._end.put_back = True
        self._go_to(place_s)

    def _leave_place(self) -> None:
        """The film goes on, or stands elsewhere: nothing that leads to a place leads there now."""
        self._walk.leave(self._player)
        self._end.release()
        self._gap = None

    def _go_to(self, position_s: float, *, walk: bool = True) -> None:
        """Show the frame at a media time; `walk`: where a seek would end beyond, walk up to it."""
        late = self._reel.enters_late
        self._entered = late and not walk
        if walk and late:
            self._walk.begin(position_s, self._now())
        else:
            self._gap = None if late else GapSearch(position_s, exact=self._reel.decoding)
            self._look_at(position_s)

    def _look_at(self, position_s: float) -> None:
        """Seek, as soon as there is a film."""
        self._seek.begin(position_s, self._now(), self._reel.patience_s, self._reel.overrun_s)
        if self.loaded or self._reel.decoding:
            self._reel.go_to(self._player, position_s)

    @Slot()
    def _on_no_picture(self) -> None:
        if self._reel.decode_instead():
            _log.info("Qt shows no picture of this film: FFmpeg is to decode it")
            self._first.expect(self._reel.path, picture=True)
            self.seek(self._rest_s)
            return
        message = engine_trouble.no_picture(began_well=self._first.began_well)
        _log.warning("No picture comes at %.1f s: %s", self._rest_s, message)
        self._end_badly(message)

    @Slot(QMediaPlayer.Error, str)
    def _on_error(self, error: QMediaPlayer.Error, detail: str) -> None:
        if self._reel.decoding and (self._reel.awaiting or self._looks_elsewhere()):
            return
        unread = error == QMediaPlayer.Error.ResourceError
        if unread and self._seek.target_s < _BEGINNING_S and self._first.retry():
            self._rest_s = 0.0
            self._reopen()
            return
        _log.warning("The film can't be played in this window: %s (%s)", detail, error.name)
        self._end_badly(engine_trouble.explained(error, began_well=self._last is not None))

    def _end_badly(self, message: str) -> None:
        """No more frames are due, and whatever was said of the disk is said no longer."""
        self._ended_badly = True
        self._disk.forget()
        self.failed.emit(message)

    @Slot()
    def _on_disk_back(self) -> None:
        self._player = self._disk.step_back(self._player)
        self._postponed()
        self.failed.emit("")

    def _reset(self) -> None:
        self._disk.forget()
        self._ended_badly = False
        self._end.stop()
        self._leave_place()
        self._last = None
        self._rest_s = 0.0
        self._entered = False
        self._feed.clear()
        self._seek = SeekWatch()
