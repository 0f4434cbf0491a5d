"""Shows one file to the host's window and to guests, and compares what they see.

Owns the comparison: at three places of the film, and where it is paused after it has played, every
screen shows the frame that FFmpeg finds there. A picture is told by the number in its pixels, on
the window's surface and in the page's element alike. Sound without a picture is compared by where
it rests. And of each film, whether its picture has its shape everywhere, and whether pages decode
its sound.
"""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from server.core.timeline import frame_middle
from tests.e2e.eventually import eventually, settles
from tests.e2e.guest import Guest
from tests.e2e.window import Window
from tests.matrix.films import Film
from tests.matrix.reference import numbers_at
from tests.matrix.rows import Look, Row

PLACES = (0.13, 0.52, 0.87)
"""Shares of the film's length that are sought, at rest."""

HOST = "Window"
"""The name of the host's screen among those of the guests."""

OPENING_S = 40.0
"""A guest's first frame comes within this time, conversion on a busy machine included."""

PLAYED_S = 2.0
"""Of a shorter film, half of it."""

SEEK_S = 30.0
SOUND_SLACK_S = 0.1
"""Sound has no frames: an element that rests this near to the place is there."""

AnyGuest = Guest[Any]
_SOURCE = "film.currentSrc"
_STATUS_S = 2.5
"""Guests tell at least so often how they get the film (web/edge/reporter.js: 2 s)."""

_SHAPE = "film.videoWidth / (film.videoHeight || 1)"
_SHAPE_SLACK = 0.01
"""A picture that is made anew has even numbers of pixels."""

_HEARD = "film.webkitAudioDecodedByteCount ?? film.mozHasAudio"
"""As web/edge/trial.js asks."""

_LISTENING_S = 5.0

_POSITION = "film.seeking || film.readyState < 2 ? null : film.currentTime"


async def screen(
    window: Window, guests: Sequence[AnyGuest], film: Film, path: Path, *, play: bool = False
) -> Row:
    """Open a file in the room, and look at three places of it.

    Args:
        window: The host's, in control.
        guests: Those who are in the room.
        film: What the file is.
        path: Where it is.
        play: Whether to play it, too, and to look once more where it is paused then.
    """
    looks: list[Look] = []
    forms: dict[str, str] = {}
    fault = host = ""
    try:
        await open_film(window, guests, film, path)
        host = await _host_trouble(window, film)
        places_s = _places(window, film)
        wanted = await _wanted(film, path, places_s)
        for place_s, number in zip(places_s, wanted, strict=True):
            await _go_to(window, place_s)
            looks.append(await _compare(window, guests, film, place_s, number, on_window=not host))
        if play:
            looks.append(await _played(window, guests, film, path, on_window=not host))
        await asyncio.sleep(_STATUS_S)  # of sound, the looks are over sooner
        forms = await _forms(window, guests)
        differences = [
            _difference(film, looks),
            await _misshapen(window, guests, film, on_window=not host),
            await _unheard(guests, film),
        ]
        fault = "; ".join(filter(None, differences))
    except AssertionError as error:
        fault = str(error).splitlines()[0]
    return Row(
        name=film.name,
        forms=forms,
        looks=tuple(looks),
        host=host,
        reasons=await _reasons(guests),
        fault=fault,
    )


async def open_film(window: Window, guests: Sequence[AnyGuest], film: Film, path: Path) -> None:
    """Open a file in the room, and wait until every guest sees or hears it."""
    application = window.application
    before = application.room.view.item
    sources = [await guest.film(_SOURCE) for guest in guests]
    application.window.opening.open(path, remember=False)
    await eventually(
        lambda: application.room.view.item is not None and application.room.view.item != before,
        within_s=OPENING_S,
    )
    for guest, source in zip(guests, sources, strict=True):
        await eventually(
            lambda guest=guest: guest.film(_SOURCE),  # type: ignore[misc] # bound in this round
            lambda now, source=source: now not in {source, ""},  # type: ignore[misc]
            within_s=OPENING_S,
        )
        await eventually(
            lambda guest=guest: _shown(guest, film),  # type: ignore[misc] # bound in this round
            lambda shown: shown is not None,
            within_s=OPENING_S,
        )


async def _host_trouble(window: Window, film: Film) -> str:
    """What the window says if it can't show the film; empty once it does."""
    room = window.application.room
    if film.picture:
        await eventually(
            lambda: window.frame() is not None or room.view.problem is not None, within_s=OPENING_S
        )
    return room.view.problem or ""


def _places(window: Window, film: Film) -> list[float]:
    """The media times where the room rests when it is sent to each place."""
    item = window.application.room.view.item
    assert item is not None
    rate, length_s = item.frame_rate, item.duration_s
    return [frame_middle(film.seconds * share, rate, length_s) for share in PLACES]


async def _wanted(film: Film, path: Path, places_s: Sequence[float]) -> Sequence[float]:
    """The frames that belong there; of sound, the places themselves."""
    if not film.picture:
        return places_s
    numbers = await asyncio.to_thread(numbers_at, path, places_s, turned=film.turned)
    found = [number for number in numbers if number is not None]
    assert len(found) == len(places_s), f"the film's own frames can't be read: {numbers}"
    return found


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


async def _played(
    window: Window, guests: Sequence[AnyGuest], film: Film, path: Path, *, on_window: bool
) -> Look:
    """What they show once the film has played on all of them, and is paused."""
    room, remote = window.application.room, window.application.remote
    start_s, *_ = _places(window, film)
    until_s = start_s + min(PLAYED_S, film.seconds / 2)
    await _go_to(window, start_s)
    remote.toggle()
    await eventually(lambda: room.view.timeline.playing)
    await asyncio.gather(
        *(
            eventually(
                partial(guest.film, _POSITION),
                lambda at_s: at_s is not None and at_s > until_s,
                within_s=SEEK_S,
            )
            for guest in guests
        )
    )
    if room.view.timeline.playing:  # and not at its end already
        remote.toggle()
    await eventually(lambda: not room.view.timeline.playing)
    place_s = room.view.timeline.position_s
    (wanted,) = await _wanted(film, path, [place_s])
    return await _compare(window, guests, film, place_s, wanted, on_window=on_window)


async def _go_to(window: Window, place_s: float) -> None:
    window.application.remote.go_to(place_s)
    await eventually(
        lambda: abs(window.application.room.view.timeline.position_s - place_s) < 0.001
    )


async def _compare(
    window: Window,
    guests: Sequence[AnyGuest],
    film: Film,
    place_s: float,
    wanted: float,
    *,
    on_window: bool,
) -> Look:
    """What the window, if it can, and each guest show once all rest where the room does."""
    screens: dict[str, Coroutine[Any, Any, float | None]] = {}
    if on_window:
        own = _settled(window.frame, wanted) if film.picture else _resting(window, place_s)
        screens[HOST] = own
    for guest in guests:
        theirs = _settled(guest.frame, wanted) if film.picture else _rests_at(guest, place_s)
        screens[guest.name] = theirs
    seen = await asyncio.gather(*screens.values())
    return Look(place_s=place_s, wanted=wanted, seen=dict(zip(screens, seen, strict=True)))


async def _settled(frame: Any, wanted: float) -> float | None:
    """The wanted frame once it has come to rest, else whichever is there when time is up."""
    try:
        await settles(frame, wanted, within_s=SEEK_S)
    except AssertionError:
        with contextlib.suppress(AssertionError):
            shown = await settles(frame, within_s=1)
            return shown if isinstance(shown, int) else None
        return None
    return wanted


async def _resting(window: Window, place_s: float) -> float | None:
    player, engine = window.application.player, window.application.engine
    with contextlib.suppress(AssertionError):
        await eventually(lambda: player.status.state == "resting", within_s=SEEK_S)
        await eventually(lambda: abs(engine.position_s - place_s) < SOUND_SLACK_S)
    return engine.position_s


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


def _difference(film: Film, looks: Sequence[Look]) -> str:
    """What was not as it should be; empty when all was."""
    slack = 0 if film.picture else SOUND_SLACK_S
    wrong = [
        f"at {look.place_s:.1f} s {name} shows {shown}, not {look.wanted}"
        for look in looks
        for name, shown in look.seen.items()
        if shown is None or abs(shown - look.wanted) > slack
    ]
    return "; ".join(wrong)


async def _misshapen(
    window: Window, guests: Sequence[AnyGuest], film: Film, *, on_window: bool
) -> str:
    """Whose picture is wider or narrower than the film's; empty when nobody's is."""
    item = window.application.room.view.item
    if not film.picture or item is None:
        return ""
    wanted = item.width / item.height
    shapes: dict[str, float] = {guest.name: await guest.film(_SHAPE) for guest in guests}
    if on_window:
        # Turned and stretched as the film says, unlike the frame's own pixels.
        size = window.application.window.stage.surface.videoSink().videoSize()
        shapes[HOST] = size.width() / size.height()
    wrong = [
        f"{name} shows a picture of {shape:.2f}:1, not {wanted:.2f}:1"
        for name, shape in shapes.items()
        if abs(shape / wanted - 1) > _SHAPE_SLACK
    ]
    return "; ".join(wrong)


async def _unheard(guests: Sequence[AnyGuest], film: Film) -> str:
    """Which pages decode nothing of the film's sound; empty when all do."""
    silent = []
    for guest in guests if film.sound else ():
        try:
            await eventually(partial(guest.film, _HEARD), within_s=_LISTENING_S)
        except AssertionError:
            silent.append(f"{guest.name} plays no sound")
    return "; ".join(silent)


async def _reasons(guests: Sequence[AnyGuest]) -> dict[str, str]:
    """Why each guest gets the film as they do, in the page's own words."""
    said = {}
    for guest in guests:
        people = await guest.people()
        said[guest.name] = people.get(guest.name, {}).get("reason", "")
    return said
