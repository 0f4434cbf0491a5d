"""Shows one file to the host's window and to guests, and compares what they see.

Owns the comparison: the same picture on every screen, at three places of the film. A picture is
told by the number in its pixels, on the window's surface and in the page's element alike. Sound
without a picture is compared by where the element rests.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.eventually import eventually, settles
from tests.e2e.guest import Guest
from tests.e2e.window import Window
from tests.matrix.films import Film

PLACES = (0.13, 0.52, 0.87)
"""Shares of the film's length that are sought, at rest."""

OPENING_S = 40.0
"""A guest's first frame comes within this time, conversion on a busy machine included."""

SEEK_S = 30.0
SOUND_SLACK_S = 0.1
"""Sound has no frames: an element that rests this near to the place is there."""

AnyGuest = Guest[Any]
_POSITION = "film.seeking || film.readyState < 2 ? null : film.currentTime"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one file looked like.

    Attributes:
        film: The file.
        forms: How each guest got it (`direct`, `remux`, `convert`), by their name.
        opening_s: From the choice to a frame on the last guest's screen, in seconds.
        seen: For each place, what the window and each guest showed: numbers of frames, or
            seconds for sound.
        fault: What went wrong; empty when nothing did.
    """

    film: Film
    forms: Mapping[str, str] = field(default_factory=dict)
    opening_s: float = 0.0
    seen: Sequence[Sequence[float | None]] = ()
    fault: str = ""


async def screen(window: Window, guests: Sequence[AnyGuest], film: Film, path: Path) -> Row:
    """Open a file in the room, and look at three places of it.

    Args:
        window: The host's, in control.
        guests: Those who are in the room.
        film: What the file is.
        path: Where it is.
    """
    forms: dict[str, str] = {}
    seen: list[list[float | None]] = []
    opening_s = 0.0
    fault = ""
    try:
        opening_s = await _open(window, guests, film, path)
        forms = await _forms(window, guests)
        for share in PLACES:
            seen.append(await _look(window, guests, film, film.seconds * share))
            if not _agree(film, seen[-1]):
                fault = f"differs at {film.seconds * share:.1f} s: {seen[-1]}"
    except AssertionError as error:
        said = await _explain(window, guests)
        fault = "; ".join(filter(None, (said, str(error).splitlines()[0])))
    return Row(film=film, forms=forms, opening_s=opening_s, seen=seen, fault=fault)


async def _open(window: Window, guests: Sequence[AnyGuest], film: Film, path: Path) -> float:
    application = window.application
    before = application.room.view.item
    began_s = time.perf_counter()
    application.window.opening.open(path, remember=False)
    await eventually(
        lambda: application.room.view.item is not None and application.room.view.item != before,
        within_s=OPENING_S,
    )
    item = application.room.view.item
    assert item is not None
    for guest in guests:
        await eventually(
            lambda guest=guest: _shown(guest, film),  # type: ignore[misc] # bound in this round
            lambda shown: shown is not None,
            within_s=OPENING_S,
        )
    return time.perf_counter() - began_s


async def _forms(window: Window, guests: Sequence[AnyGuest]) -> dict[str, str]:
    def told() -> dict[str, str]:
        view = window.application.room.view
        forms = {
            person.name: view.statuses[person.id].form
            for person in view.people
            if person.id in view.statuses
        }
        return {guest.name: forms.get(guest.name, "") for guest in guests}

    return await eventually(told, lambda forms: all(forms.values()))


async def _look(
    window: Window, guests: Sequence[AnyGuest], film: Film, position_s: float
) -> list[float | None]:
    """What the window and each guest show once all rest at a place."""
    window.application.remote.go_to(position_s)
    await eventually(lambda: abs(window.application.room.view.timeline.position_s - position_s) < 1)
    if not film.picture:
        resting_s = window.application.room.view.timeline.position_s
        reached = [_rests_at(guest, resting_s) for guest in guests]
        return [resting_s, *await asyncio.gather(*reached)]
    own = await _own(window)
    return [own, *await asyncio.gather(*(_settled(guest, own) for guest in guests))]


async def _own(window: Window) -> int:
    """The frame that the window rests on."""
    player = window.application.player
    try:
        await eventually(lambda: player.status.state == "resting", within_s=SEEK_S)
        own = await settles(window.frame, within_s=SEEK_S)
    except AssertionError:
        raise AssertionError(f"the window does not come to rest: {player.status}") from None
    assert isinstance(own, int)
    return own


async def _settled(guest: AnyGuest, wanted: int) -> float | None:
    """The wanted frame once it has come to rest, else whichever is there when time is up."""
    try:
        await settles(guest.frame, wanted, within_s=SEEK_S)
    except AssertionError:
        return await guest.frame()
    return wanted


async def _rests_at(guest: AnyGuest, position_s: float) -> float | None:
    with contextlib.suppress(AssertionError):
        await eventually(
            lambda: guest.film(_POSITION),
            lambda at_s: at_s is not None and abs(at_s - position_s) < SOUND_SLACK_S,
            within_s=SEEK_S,
        )
    at_s: float | None = await guest.film(_POSITION)
    return at_s


async def _shown(guest: AnyGuest, film: Film) -> float | None:
    shown: float | None = await (guest.frame() if film.picture else guest.film(_POSITION))
    return shown


def _agree(film: Film, seen: Sequence[float | None]) -> bool:
    first = seen[0]
    if film.picture or first is None:
        return first is not None and all(other == first for other in seen)
    return all(other is not None and abs(other - first) < SOUND_SLACK_S for other in seen)


async def _explain(window: Window, guests: Sequence[AnyGuest]) -> str:
    """What window and pages say of it themselves."""
    said = [window.application.room.view.problem or ""]
    for guest in guests:
        rows = await guest.people()
        said.append(rows.get(guest.name, {}).get("reason", ""))
    return "; ".join(filter(None, said))
