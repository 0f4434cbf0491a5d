"""When the guests' displays show frames, and the small step of the room that suits them. Pure.

A browser may repaint a film at every second or third refresh of its display only, whichever those
are: then each frame is shown early or late by up to half its length for as long as the film
plays, and no rate of that player moves it (docs/decisions/0022). What can be moved is the room: a
timeline that is up to half a frame earlier or later, at which nobody takes offence.

Owns what is known of displays, and the verdict; how the room goes there is `glide`'s.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from server.core.session import Session

MOST = 8
"""Of more guests than this, some stand badly wherever the room is; it stays where it is."""

_FRESH_S = 1.0
"""Reports of so soon after a change of the line may be of the line before."""

_SOON_S = 2.0
"""The room steps so long after a start at the earliest, if all who follow it are known…"""

_LATE_S = 5.0
"""…and so long after it for those who are known by then."""

_WORTH_S = 0.002
"""Not worth a step: by less than this the frames would be better placed."""

_AGAIN_S = 60.0
"""No display's clock is the film's: so long after a step another one may be due…"""

_WORTH_AGAIN_S = 0.0025
"""…if it gains so much…"""

_DRIFT_S = 0.010
"""…and nobody's frames drifted further than this meanwhile: what is so fast is not run after. Who
was not known when the step was taken waits for none of that."""

_WORTH_AT_ONCE_S = 0.006
"""When a step is over, another one that gains so much is taken at once: a busy display came to use
other refreshes meanwhile."""

_STOOD_S = 10.0
"""Later, frames that are elsewhere all at once call for another when all have stood so long where
they are. With three browsers on two cores that is for 3 to 9 s; with two they often stay there, 16
ms off."""

_IN_VAIN = 2
"""After so many steps in a row with which the frames came along, none is tried until somebody moves
the film: they are on no grid of refreshes, and will again."""

_SAME_PLACE_S = 0.003
"""Frames that came along stand this close to where they stood."""

_ALIKE_S = 0.0001
"""Nobody measures where frames stand more closely."""

_LATE_DISPLAY_S = 0.006
"""Frames that are further than half a frame and this off are not steady yet: the follower finds out
whether their display is late (display_lag), and will move them."""


@dataclass(frozen=True)
class _Frames:
    """Where somebody's frames stand, in seconds of media time.

    Attributes:
        off_s: Media time shown less timeline.
        drift_s: By how much that has changed on this line, little by little.
        fell_s: When it was another all at once, last on this line.
    """

    off_s: float
    drift_s: float = 0.0
    fell_s: float | None = None


@dataclass(frozen=True)
class _Hope:
    """What a step is to bring.

    Attributes:
        cost_s: How badly frames may be placed after it, at the most.
        offs_s: Where they stood before it, by participant.
    """

    cost_s: float
    offs_s: Mapping[str, float]


class Cadences:
    """Where the frames of all guests stand, on the room's present line."""

    def __init__(self) -> None:
        self._frames: dict[str, _Frames] = {}
        self._known: set[str] = set()  # whose frames stand still at present
        self._revision = -1
        self._suited: frozenset[str] = frozenset()
        self._hope: _Hope | None = None
        self._in_vain = 0

    def report(
        self,
        session: Session,
        participant_id: str,
        frames_s: float | None,
        followers: Collection[str],
        now_s: float,
    ) -> float:
        """Take note of where somebody's frames stand.

        Args:
            session: The room.
            participant_id: Whose.
            frames_s: Media time shown less timeline when it is shown, in seconds; None: not known,
                or not always the same.
            followers: Who plays along at present.
            now_s: The present.

        Returns:
            By how much media time the room is best moved now; 0: it is well so.
        """
        timeline, glide, item = session.timeline, session.glide, session.item
        if timeline.revision != self._revision:
            self._revision = timeline.revision
            self._frames.clear()
            self._known.clear()
        if glide is None:
            self._suited, self._hope, self._in_vain = frozenset(), None, 0
        elif glide.target != "displays" or timeline.slew_until_s is not None:
            return 0.0
        age_s = now_s - timeline.at_s
        if item is None or not item.frame_rate or not timeline.playing or age_s < _FRESH_S:
            return 0.0
        self._note(participant_id, frames_s, 1 / item.frame_rate, now_s)
        known = {id_: self._frames[id_] for id_ in followers if id_ in self._known}
        waited = age_s >= (_SOON_S if len(known) == len(followers) else _LATE_S)
        if not (waited and 0 < len(known) <= MOST):
            return 0.0
        stepped_s = None if glide is None else age_s
        if not known.keys() <= self._suited:  # of whom the step before did not know
            self._suited |= known.keys()
            self._hope = None
            stepped_s = None
        if len(known) == len(followers) and self._have_fallen(known, now_s):
            stepped_s = None
        return self._step_s(known, 1 / item.frame_rate, stepped_s)

    def forget(self, participant_id: str) -> None:
        """Somebody is gone."""
        self._frames.pop(participant_id, None)
        self._known.discard(participant_id)

    def _note(
        self, participant_id: str, frames_s: float | None, frame_s: float, now_s: float
    ) -> None:
        self._known.discard(participant_id)
        if frames_s is None or abs(frames_s) > frame_s / 2 + _LATE_DISPLAY_S:
            return
        now = _Frames(frames_s)
        before = self._frames.get(participant_id)
        if before is not None:
            moved_s = _wrapped(frames_s - before.off_s, frame_s)
            if abs(moved_s) <= frame_s / 4:
                now = _Frames(frames_s, before.drift_s + moved_s, before.fell_s)
            else:  # no drift: a busy display came to use its other refreshes
                now = _Frames(frames_s, before.drift_s, now_s)
        self._frames[participant_id] = now
        self._known.add(participant_id)

    def _have_fallen(self, known: Mapping[str, _Frames], now_s: float) -> bool:
        """Whether displays use other refreshes since a while ago; said once of each fall."""
        falls_s = [frames.fell_s for frames in known.values() if frames.fell_s is not None]
        if not falls_s or now_s - max(falls_s) < _STOOD_S or _run_away(known.values()):
            return False
        for id_, frames in known.items():
            self._frames[id_] = replace(frames, fell_s=None)
        return True

    def _step_s(
        self, known: Mapping[str, _Frames], frame_s: float, stepped_s: float | None
    ) -> float:
        """Return the step, 0 for none.

        Args:
            known: Whose frames are known.
            frame_s: How long a frame lasts.
            stepped_s: How long ago the step before ended; None: there was none for all of them.
        """
        offs_s = [frames.off_s for frames in known.values()]
        cost_s = _cost(offs_s)
        hope, self._hope = self._hope, None
        if hope is not None:
            in_vain = cost_s > hope.cost_s and _came_along(known, hope, frame_s)
            self._in_vain = self._in_vain + 1 if in_vain else 0
        if self._in_vain >= _IN_VAIN:
            return 0.0
        worth_s = _WORTH_S
        if stepped_s is not None:
            worth_s = _WORTH_AGAIN_S
            if stepped_s < _AGAIN_S or _run_away(known.values()):
                worth_s = math.inf if hope is None else _WORTH_AT_ONCE_S
        by_s = _best(offs_s, frame_s)
        gain_s = cost_s - _cost([_wrapped(s - by_s, frame_s) for s in offs_s])
        if abs(by_s) < _ALIKE_S or gain_s < worth_s:
            return 0.0
        stood_s = {id_: frames.off_s for id_, frames in known.items()}
        self._hope = _Hope(cost_s - gain_s / 2, stood_s)
        return by_s


def _run_away(known: Iterable[_Frames]) -> bool:
    return any(abs(frames.drift_s) > _DRIFT_S for frames in known)


def _came_along(known: Mapping[str, _Frames], hope: _Hope, frame_s: float) -> bool:
    """Whether frames stand where they did before a step; a display that fell over is elsewhere."""
    both = known.keys() & hope.offs_s.keys()
    moved_s = (_wrapped(known[id_].off_s - hope.offs_s[id_], frame_s) for id_ in both)
    return all(abs(by_s) <= _SAME_PLACE_S for by_s in moved_s)


def _best(offs_s: Sequence[float], frame_s: float) -> float:
    """Return the step after which the errors' squares sum up to the least.

    An error and one that is a whole frame more are the same grid of refreshes, with the film's
    frames one further: which of them it will be is settled by the step. Of steps that are as good,
    the one that leaves most frames where they are, then the smallest.
    """
    wrapped = [_wrapped(s, frame_s) for s in offs_s]
    middle_s = sum(wrapped) / len(wrapped)
    # On a circle the mean depends on where it is cut: all of those that there are.
    means = [_wrapped(middle_s + frame_s * n / len(wrapped), frame_s) for n in range(len(wrapped))]
    # Frames that are a little more than half a frame off need not fall over by a whole one.
    farthest_s = max(frame_s / 2, *map(abs, offs_s))
    further = (mean_s + n * frame_s for mean_s in means for n in (-1, 1))
    steps = [*means, *(by_s for by_s in further if abs(by_s) <= farthest_s)]

    def worth(by_s: float) -> tuple[float, int, float]:
        spread_s = _root_mean_square([_wrapped(s - by_s, frame_s) for s in offs_s])
        shifted = sum(abs(s - by_s) > frame_s / 2 + _ALIKE_S for s in offs_s)
        return round(spread_s / _ALIKE_S) * _ALIKE_S, shifted, abs(by_s)

    return min(steps, key=worth)


def _cost(errors_s: Sequence[float]) -> float:
    """Return how badly frames are placed: half by all of them, half by the worst.

    To one of two that are 16.7 ms apart, 13 is far more than 8; in the root mean square, 4 and 13
    are hardly more than 8 and 8.
    """
    return (_root_mean_square(errors_s) + max(map(abs, errors_s))) / 2


def _root_mean_square(errors_s: Sequence[float]) -> float:
    return math.sqrt(sum(error_s**2 for error_s in errors_s) / len(errors_s))


def _wrapped(error_s: float, frame_s: float) -> float:
    """Return the same within half a frame of 0."""
    return error_s - frame_s * round(error_s / frame_s)
