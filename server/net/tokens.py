"""Signed tokens that say who a participant is. Who may have one is decided in `access`."""

import hashlib
from collections.abc import Callable

import msgspec
from itsdangerous import BadData, SignatureExpired, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode

from server.core.errors import AccessDenied
from server.core.state import Person, Role

LIFE_S = 7 * 24 * 3600
"""How long a token (and its cookie) is good, in seconds: a week of evenings."""

_SALT = "matinee.token"
_PLEASE_JOIN = "You are not signed in here any more. Join again."


class _Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    id: str
    name: str
    role: Role


class Tokens:
    """Issues and reads tokens.

    Args:
        key: Signing key; tokens of another key are forged.
        wall_clock: Seconds since the epoch; a token must outlive the process.
    """

    def __init__(self, key: str, wall_clock: Callable[[], float]) -> None:
        self._signer = _Signer(key, wall_clock)

    def issue(self, person: Person) -> str:
        """A token for `person`: letters, digits and `-_.` only, good for `LIFE_S` seconds."""
        claims = msgspec.json.encode(_Claims(person.id, person.name, person.role))
        return self._signer.sign(base64_encode(claims)).decode("ascii")

    def read(self, token: str) -> Person:
        """Whom a token names.

        Raises:
            AccessDenied: code "token_expired" or "token_forged"; the message is the same.
        """
        try:
            text = self._signer.unsign(token, max_age=LIFE_S)
            claims = msgspec.json.decode(base64_decode(text), type=_Claims)
        except SignatureExpired as error:
            raise AccessDenied("token_expired", _PLEASE_JOIN) from error
        except (BadData, msgspec.DecodeError, UnicodeError) as error:
            raise AccessDenied("token_forged", _PLEASE_JOIN) from error
        return Person(id=claims.id, name=claims.name, role=claims.role)


class _Signer(TimestampSigner):
    def __init__(self, key: str, wall_clock: Callable[[], float]) -> None:
        super().__init__(key, salt=_SALT, key_derivation="hmac", digest_method=hashlib.sha256)
        self._wall_clock = wall_clock

    def get_timestamp(self) -> int:
        return int(self._wall_clock())
