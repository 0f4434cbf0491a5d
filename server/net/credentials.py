"""What outlasts a run: port, PIN, secrets, signing key, and who was removed.

Kept in one JSON file that only its owner may read, so that guests' pages come back by
themselves after a crash. Trouble with the file never stops a run: it is logged, and the run
goes on with what is in memory. What the secrets are good for is decided in `access`.
"""

import logging
import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from server.core.errors import HostError

_log = logging.getLogger("matinee.net.credentials")

FILE_NAME = "credentials.json"
PIN_DIGITS = 6
_REVOKED_FOR_S = 8 * 24 * 3600  # a day longer than a token lives

_Pin = Annotated[str, msgspec.Meta(pattern=rf"^[0-9]{{{PIN_DIGITS}}}$")]
_Secret = Annotated[str, msgspec.Meta(min_length=22, max_length=200)]


def _secret() -> str:
    return secrets.token_urlsafe(16)  # 128 bits


def _pin() -> str:
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


class _Stored(msgspec.Struct, kw_only=True):
    """The file's content. Unknown fields are dropped, missing ones made anew."""

    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] | None = None
    pin: _Pin = msgspec.field(default_factory=_pin)
    invite_secret: _Secret = msgspec.field(default_factory=_secret)
    host_secret: _Secret = msgspec.field(default_factory=_secret)
    signing_key: _Secret = msgspec.field(default_factory=lambda: secrets.token_urlsafe(32))
    revoked: dict[str, float] = {}
    """Participant id → seconds since the epoch when it was removed."""


class Credentials:
    """The secrets of this host, read at construction and written at each change.

    Args:
        state_dir: Folder of the file; made if it does not exist.
        pin: Six digits to use from now on, "off" for none, None for the last run's or a new
            one.
        wall_clock: Seconds since the epoch.

    Raises:
        HostError: `pin` is neither six digits nor "off".
    """

    def __init__(self, state_dir: Path, pin: str | None, wall_clock: Callable[[], float]) -> None:
        self._path = state_dir / FILE_NAME
        self._wall_clock = wall_clock
        self._pin_off = pin == "off"
        self._stored = _read(self._path)
        if pin is not None and not self._pin_off:
            self._stored.pin = _checked_pin(pin)
        oldest_s = wall_clock() - _REVOKED_FOR_S
        self._stored.revoked = {k: v for k, v in self._stored.revoked.items() if v > oldest_s}
        self._write()

    @property
    def port(self) -> int | None:
        """The TCP port of the last run; None in the first."""
        return self._stored.port

    @property
    def pin(self) -> str | None:
        """The PIN asked for; None when none is."""
        return None if self._pin_off else self._stored.pin

    @property
    def invite_secret(self) -> str:
        """The secret of the invitation link."""
        return self._stored.invite_secret

    @property
    def host_secret(self) -> str:
        """The secret of a headless host's link."""
        return self._stored.host_secret

    @property
    def signing_key(self) -> str:
        """The key of the tokens."""
        return self._stored.signing_key

    def is_revoked(self, participant_id: str) -> bool:
        """Whether this participant was removed."""
        return participant_id in self._stored.revoked

    def remember_port(self, port: int) -> None:
        """Makes `port` the next run's first choice."""
        if port != self._stored.port:
            self._stored.port = port
            self._write()

    def revoke(self, participant_id: str) -> None:
        """Voids a participant's token for good, and changes PIN and invitation."""
        others = _read(self._path).revoked  # by another host of the same folder, meanwhile
        self._stored.revoked = {
            **others,
            **self._stored.revoked,
            participant_id: self._wall_clock(),
        }
        self._stored.pin = _pin()
        self._stored.invite_secret = _secret()
        self._write()

    def _write(self) -> None:
        try:
            _write_atomically(self._path, msgspec.json.encode(self._stored))
        except OSError as error:
            _log.warning(
                "PIN and keys can't be saved in %s (%s): the next run will have new ones.",
                self._path,
                error.strerror or error,
            )


def _checked_pin(pin: str) -> str:
    if len(pin) == PIN_DIGITS and pin.isascii() and pin.isdigit():
        return pin
    raise HostError("bad_pin", f'The PIN must be {PIN_DIGITS} digits, or "off" for none.')


def _read(path: Path) -> _Stored:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Stored)
    except FileNotFoundError:
        pass
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        # The reason may quote the content, so only its kind is told.
        _log.warning(
            "%s can't be read (%s): PIN, invitation link and keys are new.",
            path,
            error.strerror if isinstance(error, OSError) else type(error).__name__,
        )
    return _Stored()


def _write_atomically(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes files of mode 0600.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            # No fsync: the server's loop would wait for the disk. The rename alone keeps the
            # old file whole.
            file.write(content)
        os.replace(temporary, path)  # noqa: PTH105 - one call, and its error names both files
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - the twin of the line above
        raise
