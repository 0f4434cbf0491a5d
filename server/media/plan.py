"""`POST /media/{id}/plan`: in which form this browser gets the film, and where.

Reads the question and words the answer; the decision is `server.core.playability`'s, and
serving what is decided is `direct`'s or `hls`'s.
"""

from collections.abc import Callable
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from server.core.errors import BadMessage, MediaError
from server.core.playability import Capabilities, Plan, Quality, Wish, playability
from server.core.renditions import Renditions
from server.http.answers import error_answer, json_answer
from server.http.questions import read_json
from server.media.library import Entry

MAX_QUESTION_BYTES = 16_384

_Mime = Annotated[str, msgspec.Meta(max_length=200)]
_Types = Annotated[dict[_Mime, bool], msgspec.Meta(max_length=100)]
_BitsPerS = Annotated[float, msgspec.Meta(gt=0)]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a page says of its browser and its guest's wishes; as `Capabilities` and `Wish`."""

    direct: bool
    types: _Types = {}
    mse: bool = True
    native_hls: bool = False
    smooth: bool = True
    quality: Quality = "original"
    audio: int | None = None
    bits_per_s: _BitsPerS | None = None
    automatic: bool = False


_decoder = msgspec.json.Decoder(Question)


class PlanPart:
    """Answers the page's question (`server.media.films.Part`)."""

    def __init__(
        self,
        has_converter: Callable[[], bool],
        streamed: Callable[[Entry, Renditions, Scope], None],
    ) -> None:
        """Answer by the pure rules.

        Args:
            has_converter: Whether ffmpeg can be started.
            streamed: Told what somebody is about to fetch, and by which request.
        """
        self._has_converter = has_converter
        self._streamed = streamed

    async def respond(
        self, entry: Entry, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the plan, or 400 and why the question can't be read.

        Raises:
            MediaError: There is nothing at a path below.
        """
        if rest:
            raise MediaError("not_found", "There is nothing at this address.")
        try:
            question = await read_json(Request(scope, receive), _decoder, MAX_QUESTION_BYTES)
        except BadMessage as error:
            await error_answer(400, error)(scope, receive, send)
            return
        plan = playability(
            entry.facts.film,
            Capabilities(
                direct=question.direct,
                types=question.types,
                mse=question.mse,
                native_hls=question.native_hls,
                smooth=question.smooth,
            ),
            Wish(
                quality=question.quality,
                audio=question.audio,
                bits_per_s=question.bits_per_s,
                automatic=question.automatic,
            ),
            converter=self._has_converter(),
            file_bits_per_s=_bits_per_s(entry),
        )
        if plan.renditions is not None:
            self._streamed(entry, plan.renditions, scope)
        await json_answer(_told(plan, entry))(scope, receive, send)


def _bits_per_s(entry: Entry) -> float:
    """How many bits a second of the film takes in its file; 0 where unknown."""
    size_bytes = entry.mark.size if entry.mark else 0
    return size_bytes * 8 / entry.item.duration_s if entry.item.duration_s else 0.0


def _told(plan: Plan, entry: Entry) -> dict[str, object]:
    film = f"/media/{entry.item.id}"
    url = film if plan.kind == "direct" else ""
    if plan.renditions is not None:
        url = f"{film}/hls/{plan.renditions.name}/main.m3u8"
    return {
        "kind": plan.kind,
        "url": url,
        "renditions": plan.renditions.names if plan.renditions else (),
        "quality": plan.quality,
        "reasons": plan.reasons,
        "ladder": plan.ladder,
    }
