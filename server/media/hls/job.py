"""One run of FFmpeg: a process, and a thread that turns what it writes into segments.

Owns the process's life. The outlet is the throttle: while nothing is read from it, FFmpeg
stands still and costs nothing. What is made, and where from, is decided elsewhere.
"""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from server.core.errors import MediaError
from server.media.hls import verdicts
from server.media.hls.boxes import BadBox
from server.media.hls.outlet import ROOM_BYTES, Outlet
from server.media.hls.splitter import Init, Segment, Splitter
from server.media.hls.words import Words
from server.media.sameness import lost

_log = logging.getLogger("matinee.media.hls")

_NICENESS = 10

Keep = Callable[[Init | Segment], None]
Told = Callable[[], None]
Discard = Callable[[range], None]


class Job:
    """A run, from its start to its end.

    Attributes:
        ended: Whether it is over.
        error: Why it failed, if it did.
        film_end: The segment in which it found the film's end, known before that is kept.
        reached_end: Whether it made all there is up to there.
        breaks_off: Whether that is less than the film's length: its file is incomplete.
        late: Whether it gave up because it did not begin early enough.
        size: Of the film when it began, in bytes: that much of it was there to be read.
        words: What FFmpeg says.
    """

    def __init__(
        self,
        command: Sequence[str],
        splitter: Splitter,
        keep: Keep,
        told: Told,
        *,
        check: Callable[[], int],
        discard: Discard | None,
        latest_s: float | None,
        room_bytes: int = ROOM_BYTES,
    ) -> None:
        """Prepare a run; `start` begins it.

        Args:
            command: FFmpeg and its arguments.
            splitter: Takes what it writes.
            keep: Called in a thread with each finished part, in order; may raise `MediaError`.
            told: Called in a thread whenever something is new: a part, or the end.
            check: Called in the thread before FFmpeg starts, and when it failed or came to an
                end early; returns the size of the film's file, raises `MediaError` if it is gone.
            discard: Called in the thread with all that was made, if the disk failed meanwhile and
                FFmpeg fills up with silence what it can't read; None: it does not.
            latest_s: Give up, keeping nothing, if the first sample comes so late after the first
                segment's start, or none at all.
            room_bytes: How far FFmpeg may be ahead of what is read.
        """
        self._command = command
        self._splitter = splitter
        self._keep = keep
        self._told = told
        self._check = check
        self._going = threading.Condition()
        self._limit = -1
        self._current = splitter.current
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="media-convert", daemon=True)
        self._listener: threading.Thread | None = None
        self._latest_s = latest_s
        self._discard = discard
        self._room_bytes = room_bytes
        self._begun = splitter.current
        self.words = Words()
        self.size = 0
        self.ended = False
        self.error: MediaError | None = None
        self.film_end: int | None = None
        self.reached_end = self.breaks_off = False
        self.late = False
        self._waiting = False

    @property
    def current(self) -> int:
        """The segment that is being made; those before it are kept."""
        return self._current

    @property
    def throttled(self) -> bool:
        """Whether it stands still, because it is far enough ahead."""
        return self._waiting

    def start(self, limit: int) -> None:
        """Begin, and go on until the segment `limit` is being made."""
        self._limit = limit
        self._thread.start()

    def allow(self, limit: int) -> None:
        """Change how far it may go."""
        with self._going:
            self._limit = limit
            self._going.notify()

    def stop(self) -> None:
        """End it soon; safe to call at any time, and again."""
        with self._going:
            self._stopped = True
            self._going.notify()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; False if a disk that does not answer holds it up."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._convert()
        except MediaError as error:
            self.error = error
        except BadBox as error:
            _log.exception("FFmpeg wrote what can't be split.")
            self.error = verdicts.failed(error)
        except OSError as error:
            _log.exception("FFmpeg can't be read.")
            self.error = verdicts.failed(error)
        except Exception as error:  # noqa: BLE001 - the thread's boundary; else it begins anew
            _log.exception("What FFmpeg made can't be kept.")
            self.error = verdicts.failed(error)
        finally:
            self.ended = True
            self._told()

    def _convert(self) -> None:
        self.size = self._check()
        with Outlet(self._room_bytes) as outlet, self._started(outlet) as process:
            complaints = process.stderr
            if complaints is None:
                return
            hear = partial(self.words.listen, complaints, self._disk_failed)
            self._listener = threading.Thread(target=hear, daemon=True)
            self._listener.start()
            try:
                self._read(outlet)
            finally:
                process.kill()
                status = process.wait()
                self._listener.join()
        if self.words.disk_failed:
            self._lose()
        if self._stopped or self.reached_end or self.late:
            return
        _log.warning("FFmpeg ended with status %s: %s", status, self.words.last or "no word")
        self._check()
        raise verdicts.ended_by(-status) if status < 0 else verdicts.failed()

    def _disk_failed(self) -> None:
        """FFmpeg goes on as if the film were over: let nothing come of that."""
        with self._going:
            self._going.notify()

    def _lose(self) -> None:
        if self._discard is not None:
            self._discard(range(self._begun, self._current))
        if not self._stopped:
            _log.warning("The film can't be read: %s", self.words.last)
            self._check()
            raise lost()

    def _started(self, outlet: Outlet) -> subprocess.Popen[bytes]:
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=outlet.theirs,
                stderr=subprocess.PIPE,
                creationflags=flags,
            )
        except OSError as error:
            _log.warning("FFmpeg can't be started: %s", error)
            raise verdicts.not_started(error) from error
        outlet.handed_over()
        if sys.platform != "win32":
            with contextlib.suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
        with self._going:
            self._process = process
            if self._stopped:
                process.kill()
        return process

    def _read(self, outlet: Outlet) -> None:
        # While one part goes to the disk, the next is read: FFmpeg need not wait for the disk.
        with ThreadPoolExecutor(1, thread_name_prefix="media-keep") as keeper:
            keeping: Future[None] | None = None
            for part in self._parts(outlet):
                if keeping is not None:
                    keeping.result()
                keeping = keeper.submit(self._kept, part)
            if keeping is not None:
                keeping.result()
        self._current = self._splitter.current

    def _kept(self, part: Init | Segment) -> None:
        if self._stopped:
            return  # perhaps since what it makes is to be made anew
        self._keep(part)
        if isinstance(part, Segment):
            self._current = part.number + 1
        self._told()

    def _parts(self, outlet: Outlet) -> Iterator[Init | Segment]:
        while len(data := outlet.read(wanted := self._splitter.wanted)) == wanted:
            for part in self._splitter.take(data):
                if isinstance(part, Segment) and self._is_late():
                    return
                yield part
            if self._is_late() or not self._may_go_on():
                return
        if not self._ended_by_itself():
            return
        if self._latest_s is not None and self._splitter.late_s is None:
            self.late = True
            return
        if self._splitter.ends_early:
            self._check()  # a disk that is gone may look like the end
        self.film_end = self._splitter.current
        yield from self._splitter.finish()
        self.breaks_off = self._splitter.breaks_off
        self.reached_end = True

    def _ended_by_itself(self) -> bool:
        """Whether the end is one that FFmpeg chose: the film's. If it was killed, it says so."""
        if self._stopped or self._process is None or self._process.wait() != 0:
            return False
        if self._listener is not None:
            self._listener.join()
        return not self.words.disk_failed

    def _is_late(self) -> bool:
        late_s, latest_s = self._splitter.late_s, self._latest_s
        self.late = late_s is not None and latest_s is not None and late_s >= latest_s
        return self.late

    def _may_go_on(self) -> bool:
        """Wait while far enough ahead; False if this is to end."""
        with self._going:
            while not self._is_over() and self._splitter.current > self._limit:
                if not self._waiting:
                    self._waiting = True
                    self._told()
                self._going.wait()
            self._waiting = False
            return not self._is_over()

    def _is_over(self) -> bool:
        return self._stopped or self.words.disk_failed
