"""Every message of the protocol, typed: what may cross the WebSocket, and nothing else.

Client messages are *intents* (requests that the session accepts or refuses) or facts about
the sender's own playback. Server messages are confirmed state. Each is a JSON object tagged
by `type`; `codec` reads and writes it. What a message means is in docs/PROTOCOL.md; the rules
that accept or refuse an intent are in `reducer`.

The twin in the page is web/core/messages.js; tests/vectors/messages.json runs in both.

Units: fields ending in `_s` are seconds, in `_ms` milliseconds. `at_s` and the clock's
`t2_s`, `t3_s` are instants on the server's clock (`time.perf_counter`).
"""

from typing import Annotated, Literal

import msgspec

from server.core.state import (
    Cause,
    Control,
    Departure,
    Form,
    Item,
    Limit,
    Person,
    PlaybackState,
    Policy,
    ShortText,
    Status,
    TrackId,
    Tracks,
    Waiting,
)
from server.core.timeline import Timeline

PROTOCOL_VERSION = 1
"""Grows when an old page could misunderstand a new server; named in `hello` and `welcome`."""

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Preparing = Literal["scan", "convert"]
"""What may take long: finding a film's keyframes, or making it anew for a browser."""


class _Message(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"
):
    """Base: immutable, strict, tagged."""


# --- From a client -------------------------------------------------------------------------


class Hello(_Message, frozen=True, tag="hello"):
    """The first frame on a socket; the server answers with `welcome`."""

    protocol: int


class Probe(_Message, frozen=True, tag="probe"):
    """One clock probe; `t1_ms` is the client's own clock, returned as it came."""

    id: int
    t1_ms: float


class Play(_Message, frozen=True, tag="play"):
    """Intent: start, or start again from the beginning when the film has ended."""


class Pause(_Message, frozen=True, tag="pause"):
    """Intent: stop at once; all then rest on the same frame."""


class Seek(_Message, frozen=True, tag="seek"):
    """Intent: go to a media time, playing on if it plays.

    `item` is the film that is meant; if another was opened meanwhile, nothing moves.
    """

    position_s: float
    item: Id | None = None


class Step(_Message, frozen=True, tag="step"):
    """Intent: pause, and move by whole frames (negative: back); `item` as in `seek`."""

    frames: Annotated[int, msgspec.Meta(ge=-1000, le=1000)]
    item: Id | None = None


class SetRate(_Message, frozen=True, tag="set_rate"):
    """Intent: the shared speed, 0.5 to 2."""

    rate: float


class ChooseTracks(_Message, frozen=True, tag="choose_tracks"):
    """Intent: the room's soundtrack and subtitles, as in `Tracks`; `item` as in `seek`."""

    item: Id | None = None
    audio: int | None = None
    subtitle: TrackId | None = None


class CancelPreparation(_Message, frozen=True, tag="cancel_preparation"):
    """Intent of the host: stop what is being prepared of a film."""

    item: Id
    what: Preparing


class Take(_Message, frozen=True, tag="take"):
    """Intent: take control.

    `holder` is whom the presser saw in control: if control has moved meanwhile, the press is
    refused, so that of two simultaneous presses one wins.
    """

    holder: Id | None = None


class Release(_Message, frozen=True, tag="release"):
    """Intent: give control back to the host, or withdraw one's own request for it."""


class Grant(_Message, frozen=True, tag="grant"):
    """Intent: give control to somebody (the controller's or the host's to give)."""

    to: Id


class Decline(_Message, frozen=True, tag="decline"):
    """Intent: turn down somebody's request for control."""

    to: Id


class SetPolicy(_Message, frozen=True, tag="set_policy"):
    """Intent of the host: who may take control, and whether any guest may pause."""

    policy: Policy
    guests_may_pause: bool


class Remove(_Message, frozen=True, tag="remove"):
    """Intent of the host: remove a guest; their token is void, PIN and link change."""

    participant: Id


class Leave(_Message, frozen=True, tag="leave"):
    """Intent: go; the list forgets this participant at once."""


class FollowHost(_Message, frozen=True, tag="follow_host"):
    """Intent of the host's player: glide to its screen, which is `by_s` ahead of `revision`."""

    by_s: float
    revision: int


class Report(_Message, frozen=True, tag="report"):
    """A participant's own playback, for the people panel and the lead of scheduled starts.

    `error_ms` is media time shown minus timeline, positive when ahead, averaged over about a
    second; None while nothing can be measured. `error_minute_ms` is the 95th percentile of its
    size over the last minute, `frames_ms` where its frames stand against the timeline, if always
    at the same place (`cadence`), `clock_ms` how uncertain the clock's offset is (one standard
    deviation), `delay_ms` by how much this device is told to run ahead because what it plays is
    seen or heard late. `form` is how the film comes to this device, `form_reason` why not in a
    simpler form, `quality` what its picture is held to, such as `720`; `limit` is what keeps this
    device from the precision that others have.
    """

    state: PlaybackState
    error_ms: float | None = None
    error_minute_ms: float | None = None
    frames_ms: float | None = None
    rtt_ms: float | None = None
    clock_ms: float | None = None
    delay_ms: float = 0.0
    start_latency_ms: float | None = None
    reason: ShortText = ""
    form: Form = ""
    form_reason: ShortText = ""
    quality: Annotated[str, msgspec.Meta(max_length=16)] = ""
    limit: Limit = ""


Transport = Play | Pause | Seek | Step | SetRate | ChooseTracks
ControlIntent = Take | Release | Grant | Decline | SetPolicy
Intent = Transport | ControlIntent | CancelPreparation | FollowHost | Remove | Leave
ClientMessage = Hello | Probe | Intent | Report

# --- From the server -----------------------------------------------------------------------


class Welcome(_Message, frozen=True, tag="welcome"):
    """The one full snapshot, answer to `hello`; after it come deltas."""

    protocol: int
    epoch: str
    """Names this run of the server; another epoch means another clock."""
    you: str
    room: str
    version: str
    item: Item | None
    timeline: Timeline
    control: Control
    people: tuple[Person, ...]
    statuses: tuple[Status, ...]
    tracks: Tracks = Tracks()


class ProbeReply(_Message, frozen=True, tag="probe_reply"):
    """`t2_s`: when the probe was received; `t3_s`: when this left. Server clock."""

    id: int
    t1_ms: float
    t2_s: float
    t3_s: float


class TimelineChanged(_Message, frozen=True, tag="timeline"):
    """The timeline is now this."""

    timeline: Timeline
    cause: Cause


class ItemChanged(_Message, frozen=True, tag="item"):
    """Another film (None: none); the timeline starts anew with it, and so do the tracks."""

    item: Item | None
    timeline: Timeline
    cause: Cause


class TracksChanged(_Message, frozen=True, tag="tracks"):
    """The room's soundtrack and subtitles are now these."""

    tracks: Tracks
    cause: Cause


class ControlChanged(_Message, frozen=True, tag="control"):
    """Control, policy or the requests for control are now this."""

    control: Control
    cause: Cause


class PersonJoined(_Message, frozen=True, tag="joined"):
    """Somebody new, or somebody known whose connection is back or lost, or renamed."""

    person: Person


class PersonLeft(_Message, frozen=True, tag="left"):
    """Somebody is gone for good."""

    id: str
    reason: Departure


class Statuses(_Message, frozen=True, tag="statuses"):
    """The statuses that changed since the last such message."""

    statuses: tuple[Status, ...]


class Refusal(_Message, frozen=True, tag="refused"):
    """To the sender alone: what they sent was not accepted, and why.

    `of` is the refused message's type, empty if the frame could not be read at all.
    """

    of: str
    code: str
    message: str


class Problem(_Message, frozen=True, tag="problem"):
    """Something that concerns everybody went wrong, such as a film that vanished."""

    code: str
    message: str


class Preparation(_Message, frozen=True, tag="preparation"):
    """How far something is that takes more than a second, such as a conversion.

    `progress` is 0 to 1, `left_s` None while unknown, `place` that in the queue (0: it runs),
    `waiting` all of the film that wait for their turn, the next first. `repacks`: nothing is
    converted, so there is nothing to cancel.
    """

    item: str
    what: Preparing
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float = 0.0
    left_s: float | None = None
    place: int = 0
    waiting: tuple[Waiting, ...] = ()
    repacks: bool = False
    message: str = ""


class Invitation(_Message, frozen=True, tag="invitation"):
    """To the host alone: how guests get in, whenever it changes (a new network, a new PIN).

    `urls` are the addresses of the page, the likeliest first. `pin` is None when none is
    asked for. `invite_url` carries its secret in the fragment; `host_url`, of a headless
    host only, makes the browser that opens it the host.
    """

    port: int
    urls: tuple[str, ...]
    pin: str | None
    invite_url: str
    host_url: str | None = None


class Ended(_Message, frozen=True, tag="ended"):
    """The last message on a socket: the server closes it, and why.

    `host_ended`: the session is over. `removed`: by the host, or not let in. `elsewhere`: the
    same participant opened another tab. `left`: as asked. `too_slow`: the socket was not read, or
    no hello came. `too_many`: too many messages. `protocol`: page and server don't match; reload.
    """

    reason: Literal[
        "host_ended", "removed", "elsewhere", "left", "too_slow", "too_many", "protocol"
    ]
    message: str


ServerMessage = (
    Welcome
    | ProbeReply
    | TimelineChanged
    | ItemChanged
    | TracksChanged
    | ControlChanged
    | PersonJoined
    | PersonLeft
    | Statuses
    | Refusal
    | Problem
    | Preparation
    | Invitation
    | Ended
)
