"""When a rendition is given up, for how long, and what people are told then."""

import math
import signal

from server.core.errors import MediaError

STALL_S = 25.0
"""FFmpeg that has said nothing for so long, though a guest waits, reads from a dead disk."""

# FFmpeg may crash once; where it gets no further, it is the film.
_FAILURES = 2
# What may go well if it is tried again.
_PASSING = {"conversion_failed", "conversion_ended"}
# Signals of a crash; by any other somebody, or the system, has ended a program.
_CRASHES = {
    getattr(signal, name)
    for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS")
    if hasattr(signal, name)
}
# What failed fails for everyone who asks so soon again: players do so at once, and for long.
_HOPELESS_S = 10.0


class Verdicts:
    """What has become of one rendition."""

    def __init__(self) -> None:
        """Begin with hope."""
        self._failures = 0
        self._standing: MediaError | None = None
        self._until_s = 0.0

    def check(self, now_s: float) -> None:
        """Do nothing, unless it is given up.

        Raises:
            MediaError: It is; a new one each time.
        """
        if self._standing is not None and self.stand(now_s):
            raise MediaError(self._standing.code, self._standing.message)
        self._standing = None

    def stand(self, now_s: float) -> bool:
        """Whether it is given up."""
        return self._standing is not None and now_s < self._until_s

    def failed(self, error: MediaError, *, got_on: bool) -> bool:
        """Count a failure, and return whether it is to be given up.

        Args:
            error: What went wrong.
            got_on: Whether something was made before.
        """
        self._failures = 1 if got_on else self._failures + 1
        return self._failures >= _FAILURES or error.code not in _PASSING

    def hope(self) -> None:
        """Forget the failures: it is made in another way now, or got on."""
        self._failures = 0

    def for_now(self, error: MediaError, now_s: float) -> None:
        """Give it up for a while."""
        self._failures = 0
        self._standing, self._until_s = error, now_s + _HOPELESS_S

    def forever(self, error: MediaError) -> None:
        """Give it up for good."""
        self._standing, self._until_s = error, math.inf


def cancelled() -> MediaError:
    """The host wants no conversion."""
    return MediaError(
        "conversion_cancelled",
        "The host stopped converting this film. Ask the host to open it again, or choose the "
        "original quality, if this device plays that.",
    )


def closed() -> MediaError:
    """Another film is shown."""
    return MediaError("film_closed", "That film is no longer shown.")


def failed(cause: Exception | None = None) -> MediaError:
    """FFmpeg can't do it, for whatever reason."""
    error = MediaError(
        "conversion_failed",
        "FFmpeg gave up on this film: it may be damaged. Try another quality, or copy or "
        "download the film again.",
    )
    error.__cause__ = cause
    return error


def ended_by(number: int) -> MediaError:
    """FFmpeg crashed, which may be the film's fault, or somebody or the system ended it.

    Args:
        number: Of the signal that ended it.
    """
    return MediaError("conversion_failed" if number in _CRASHES else "conversion_ended", _ENDED)


def not_started(cause: OSError) -> MediaError:
    """FFmpeg can't be started, though it could be when it was looked at."""
    if isinstance(cause, FileNotFoundError | PermissionError):
        return MediaError(
            "ffmpeg_missing",
            "FFmpeg, which converts this film, is gone from the host’s computer. If the film does "
            "not go on by itself, install FFmpeg 5.1 or later there, then open the film again.",
        )
    return MediaError("conversion_ended", _ENDED)


def incomplete() -> MediaError:
    """There is less of the film than it says."""
    return MediaError(
        "film_incomplete",
        "This film ends before it says it does: the file is incomplete. Copy or download it again.",
    )


def unfinished() -> MediaError:
    """There is more to come of the film."""
    return MediaError(
        "film_unfinished",
        "This part of the film is not there yet: its file is still being copied, or broke off.",
    )


def stalled() -> MediaError:
    """Nothing can be read any more."""
    return MediaError(
        "media_stalled",
        "The film’s disk does not answer. Check that it is connected, and its network if it is "
        "on another computer.",
    )


def unreadable() -> MediaError:
    """FFmpeg reads on and on, and makes nothing of it."""
    return MediaError(
        "film_unreadable",
        "FFmpeg finds nothing in this film that it could show: it may be damaged or encrypted. "
        "Copy or download it again.",
    )


_ENDED = (
    "FFmpeg was ended from outside, or crashed, more than once. This computer may be short of "
    "memory: close other programs, or choose another quality."
)
