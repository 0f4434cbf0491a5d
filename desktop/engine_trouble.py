"""What the window says when Qt's media player can't go on: words for a person, and what to do."""

from PySide6.QtMultimedia import QMediaPlayer

BROKEN_OFF = "The film breaks off here. Was its file changed, or its disk unplugged? Open it again."
UNFINISHED = "This part of the film is not there yet: its file is still being copied, or broke off."
"""Said of a file that has grown, in the words that guests read."""

IN_PIECES = (
    "This film is put together from pieces, and this window can’t play from one into the next. "
    "Go to a place a little later."
)
_NO_PICTURE = (
    "This computer can’t show this film’s picture. Guests whose browsers can go on watching."
)
STALLED = (
    "Nothing more of this film has come for a while, and its file can’t be read. Check that its "
    "disk is connected, and its network if it is on another computer."
)
STANDS = (
    "No picture of this film has come for a while, though its file can be read: it may be damaged "
    "here. Go to another place."
)
HANGS = (
    "This window still waits for the disk of the film before, which does not answer; guests can "
    "watch this one. Reconnect that disk, or start Matinee again."
)
_UNREADABLE = (
    "The film can’t be played any more. Is its disk still there? Open it again, or another one."
)
_EXPLAINED = {
    QMediaPlayer.Error.ResourceError: (
        "The film’s file can’t be read. Was it moved, or its disk unplugged? "
        "Put it back and open it again."
    ),
    QMediaPlayer.Error.FormatError: (
        "This window can’t play this film’s format. Guests whose browsers can go on watching."
    ),
    QMediaPlayer.Error.AccessDeniedError: (
        "You aren’t allowed to read this film’s file. Change its permissions, then open it again."
    ),
}


def explained(error: QMediaPlayer.Error, *, began_well: bool) -> str:
    """What Qt's error means.

    Args:
        error: The error.
        began_well: Whether something of the film has been shown.
    """
    return BROKEN_OFF if began_well else _EXPLAINED.get(error, _UNREADABLE)


def no_picture(*, began_well: bool) -> str:
    """What it means that no picture comes where the film was opened.

    Args:
        began_well: Whether something of the film has been shown before.
    """
    return BROKEN_OFF if began_well else _NO_PICTURE
