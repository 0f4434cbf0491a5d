"""Frozen settings of one run of the server: what the command line and the window decided.

It holds no secrets (those are in `server.net.credentials`) and reads no environment.
"""

from dataclasses import dataclass, field
from pathlib import Path

from server.core.state import Policy

DEFAULT_PORT = 8420
"""First port tried when neither the user nor an earlier run named one."""

DEFAULT_CACHE_BYTES = 5_000_000_000
LEAST_CACHE_GB = 0.5
"""Below, a film's next minute would not fit."""
MOST_CACHE_GB = 100_000
DEFAULT_CONVERSIONS = 1
MOST_CONVERSIONS = 16


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Caps that keep one guest's trouble from being another's (docs/decisions/0013).

    Attributes:
        pending_per_address: Connections of one address that have not shown a token yet.
        pending_timeout_s: Life of a connection that sends no request.
        connections_per_participant: Simultaneous connections of one participant.
        messages_per_s: Refill of a participant's token bucket (clock bursts: about 16 a second).
        message_burst: Size of that bucket.
        strikes: Refused messages over the bucket before the socket is closed.
        outbox_messages: Messages queued for a socket before it counts as too slow.
        grace_s: How long a controller who vanished keeps control.
        forget_s: How long somebody who vanished stays in the list.
    """

    pending_per_address: int = 64
    pending_timeout_s: float = 10.0
    connections_per_participant: int = 32
    messages_per_s: float = 50.0
    message_burst: int = 200
    strikes: int = 100
    outbox_messages: int = 512
    grace_s: float = 10.0
    forget_s: float = 60.0


@dataclass(frozen=True, kw_only=True)
class Config:
    """Settings of one run.

    Attributes:
        state_dir: Folder of what must outlast a run: port, PIN, keys.
        port: TCP port asked for; None takes the last run's, or the default, or the next
            free one. A port that is asked for and taken is an error.
        bind: Address to listen on; "0.0.0.0" and "::" mean every interface.
        public_url: Address of a tunnel or proxy in front, whose host name is then accepted.
        room: Name of the room, shown on the page.
        host_name: Name of the host as a participant.
        pin: Six digits, "off" for none, None for the last run's or a new one.
        policy: Who may take control at the start.
        headless: No window: the host is whoever opens the host link.
        limits: Caps on what one guest may use.
        cache_dir: Folder of what is made of films for browsers; None for one in `state_dir`.
        cache_bytes: How much may lie there; None for what the window remembers, or the default.
        conversions: How many pictures may be converted at once; None likewise.
    """

    state_dir: Path
    port: int | None = None
    bind: str = "0.0.0.0"  # noqa: S104 - a LAN party is the purpose
    public_url: str | None = None
    room: str = "Matinee"
    host_name: str = "Host"
    pin: str | None = None
    policy: Policy = "anyone"
    headless: bool = False
    limits: Limits = field(default_factory=Limits)
    cache_dir: Path | None = None
    cache_bytes: int | None = None
    conversions: int | None = None
