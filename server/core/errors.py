"""The one exception tree of Matinee.

    MatineeError                 carries `code` (for programs) and a message (for people)
    ├── Refused                  an intent that the room does not accept
    ├── BadMessage               a frame that is not a message of the protocol
    ├── AccessDenied             a join, cookie, token, host or origin that is not let in
    │   └── TooManyTries         PIN tries are slowed; carries `retry_after_s`
    ├── MediaError               a file that can't be opened, probed or read any more
    │   └── UnknownItem          an opaque media id that names nothing
    └── HostError                the server itself can't start or was asked after it stopped

Every message tells a person what to do about it. What crosses the network is `code`
and the message, never a path or a traceback.
"""


class MatineeError(Exception):
    """Base of all errors that Matinee raises on purpose.

    Attributes:
        code: Short, stable, lower-case name of the cause, for programs.
        message: One sentence for a person, saying what to do where something can be done.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Refused(MatineeError):
    """An intent that breaks a rule of the room; the room is unchanged."""


class BadMessage(MatineeError):
    """A frame that is no message of the protocol; the sender alone is told."""


class AccessDenied(MatineeError):
    """Somebody who is not let in."""


class TooManyTries(AccessDenied):
    """Wrong PINs too often.

    Attributes:
        retry_after_s: Seconds until the next try is looked at.
    """

    def __init__(self, code: str, message: str, retry_after_s: float) -> None:
        super().__init__(code, message)
        self.retry_after_s = retry_after_s


class MediaError(MatineeError):
    """A film that can't be opened, probed or read any more."""


class UnknownItem(MediaError):
    """A media id that names nothing, or nothing any more."""


class HostError(MatineeError):
    """The server can't start, or was asked for something after it stopped."""
