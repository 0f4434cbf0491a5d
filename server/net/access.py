"""Who gets in, and as whom: PIN, invitation, host link, tokens, removal.

It owns the decisions and no sockets: addresses and instants arrive as arguments. Secrets
are compared in constant time and never logged.
"""

import hmac
import logging
import secrets
import sys
from collections.abc import Callable

import msgspec

from server.core.errors import AccessDenied, TooManyTries
from server.core.names import clean_name
from server.core.state import HOST_ID, Person
from server.net.addresses import block_of, is_loopback
from server.net.allowance import Allowances
from server.net.credentials import Credentials
from server.net.once import Once
from server.net.tokens import Tokens
from server.net.tries import PinTries

_log = logging.getLogger("matinee.net.access")

NEWCOMERS = 20
NEWCOMERS_PER_S = 1 / 3
"""Participants whom one address may add: a household at once, then one in three seconds.

Each participant has limits of their own, so whoever could add any number would have none.
Loopback is free of it: a tunnel's guests all come from there.
"""


class JoinRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of `POST /join`: a name, and one way in."""

    name: str
    pin: str | None = None
    invite: str | None = None
    host: str | None = None


class Access:
    """Decides who gets in.

    Args:
        credentials: PIN, secrets and keys.
        port: The port we serve, which names the cookie (cookies ignore ports).
        host_link: Whether the host link makes a browser the host: in headless runs only. In
            others the window is the host, and tokens of the host are refused.
        wall_clock: Seconds since the epoch.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        port: int,
        host_link: bool,
        wall_clock: Callable[[], float],
    ) -> None:
        self._credentials = credentials
        self._host_link = host_link
        self._tokens = Tokens(credentials.signing_key, wall_clock)
        self._tries = PinTries()
        self._newcomers = Allowances(per_s=NEWCOMERS_PER_S, burst=NEWCOMERS, strikes=sys.maxsize)
        self._reported = Once()
        self.cookie_name = f"matinee_{port}"

    @property
    def pin(self) -> str | None:
        """The PIN to ask for; None when none is."""
        return self._credentials.pin

    @property
    def invite_secret(self) -> str:
        """What the invitation link carries."""
        return self._credentials.invite_secret

    @property
    def host_secret(self) -> str | None:
        """What the host link carries; None where the window is the host."""
        return self._credentials.host_secret if self._host_link else None

    def join(
        self, request: JoinRequest, *, token: str | None, address: str, now_s: float
    ) -> Person:
        """Lets somebody in, or back in as whom they were.

        Args:
            request: Name, and PIN or link secret.
            token: A token shown along; while valid, it needs no PIN.
            address: IP address that the request comes from.
            now_s: Monotonic instant, in seconds.

        Raises:
            Refused: The name is empty or too long.
            AccessDenied: codes "pin_required", "wrong_pin", "bad_invite", "bad_host_link".
            TooManyTries: After wrong PINs, or too many new people from one address.
        """
        name = clean_name(request.name)
        if request.host is not None:
            if self.host_secret is None or not _same(request.host, self.host_secret):
                raise AccessDenied(
                    "bad_host_link", "This host link is not valid: copy it again from the host."
                )
            return Person(id=HOST_ID, name=name, role="host")
        known = self.person_of(token)
        if known is not None:
            return Person(id=known.id, name=name, role=known.role)
        self._admit(request, address, now_s)
        self._count_newcomer(address, now_s)
        return Person(id=secrets.token_urlsafe(9), name=name, role="guest")

    def issue(self, person: Person) -> str:
        """A token for somebody who joined."""
        return self._tokens.issue(person)

    def verify(self, token: str) -> Person:
        """Whom a token names.

        Raises:
            AccessDenied: codes "token_expired", "token_forged", "token_revoked".
        """
        person = self._tokens.read(token)
        if self._credentials.is_revoked(person.id) or (
            person.role == "host" and not self._host_link
        ):
            raise AccessDenied("token_revoked", "You are not signed in here any more. Join again.")
        return person

    def person_of(self, token: str | None) -> Person | None:
        """Like `verify`, but None for no token or a bad one, whose cause is logged once."""
        if token is None:
            return None
        try:
            return self.verify(token)
        except AccessDenied as denied:
            if self._reported.first(denied.code):
                _log.info("A sign-in was turned down: %s (told once).", denied.code)
            return None

    def revoke(self, participant_id: str) -> None:
        """Voids a participant's token, and changes PIN (unless off) and invitation."""
        self._credentials.revoke(participant_id)

    def _admit(self, request: JoinRequest, address: str, now_s: float) -> None:
        if self.pin is None:
            return
        if request.invite is not None and _same(request.invite, self.invite_secret):
            return
        if request.pin is None:
            if request.invite is not None:
                raise AccessDenied(
                    "bad_invite",
                    "This invitation link is no longer valid: type the PIN, "
                    "or ask the host for a new link.",
                )
            raise AccessDenied("pin_required", "Type the PIN that the host's screen shows.")
        block = block_of(address)
        self._tries.check(block, now_s)
        if not _same("".join(request.pin.split()), self.pin):
            self._tries.wrong(block, now_s)
            if self._reported.first(("wrong_pin", block)):
                _log.warning("Wrong PIN from %s.", address)
            raise AccessDenied(
                "wrong_pin", "That is not the PIN: look at the host's screen and try again."
            )
        self._tries.right(block)

    def _count_newcomer(self, address: str, now_s: float) -> None:
        block = block_of(address)
        if is_loopback(address) or self._newcomers.of(block, now_s).spend(now_s) == "fine":
            return
        if self._reported.first(("newcomers", block)):
            _log.warning("Too many people join from %s; more must wait.", address)
        raise TooManyTries(
            "too_many_people",
            "Too many people joined from your address at once. Try again in a few seconds.",
            1 / NEWCOMERS_PER_S,
        )


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode("utf-8"))
