"""What a press on the transport controls becomes: an intent, or the reason why it is none.

Pure: decided from the confirmed view alone. The session on the server decides again; this
only spares the person at the window a refusal, and says at once who has control.
"""

from dataclasses import dataclass
from typing import Literal

from desktop.view_model import View
from desktop.wording import isolated
from server.core.messages import Pause, Play, Seek, SetRate, Step

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
"""Shared speeds that the window offers, and the page as well."""


@dataclass(frozen=True)
class Blocked:
    """A press that sends nothing, and the sentence that says why."""

    why: Literal["no_film", "not_in_control"]
    message: str


Press = Play | Pause | Seek | Step | SetRate | Blocked


def blocked(view: View) -> Blocked | None:
    """Why the transport can't be used now; None when it can."""
    if view.item is None:
        return Blocked("no_film", "Open a film first (Ctrl+O).")
    if not view.in_control:
        name = isolated(view.name_of(view.control.controller))
        return Blocked("not_in_control", f"{name} has control. Take it back to move the film.")
    return None


def toggle(view: View) -> Press:
    """Play or pause, whichever the room isn't doing."""
    return blocked(view) or (Pause() if view.timeline.playing else Play())


def go_to(view: View, position_s: float) -> Press:
    """Seek to a media time, clamped to the film."""
    position_s = min(max(0.0, position_s), view.duration_s)
    return blocked(view) or Seek(position_s=position_s, item=view.timeline.item_id)


def jump(view: View, by_s: float, now_s: float) -> Press:
    """Seek by some seconds from where the room is."""
    return go_to(view, view.position_s(now_s) + by_s)


def step(view: View, frames: int) -> Press:
    """Pause and move by frames."""
    return blocked(view) or Step(frames=frames, item=view.timeline.item_id)


def set_rate(view: View, rate: float) -> Press:
    """Set the shared speed."""
    return blocked(view) or SetRate(rate=rate)


def faster(view: View, direction: int) -> Press:
    """The next offered speed above (1) or below (−1) the present one."""
    rate = view.timeline.rate
    candidates = [s for s in SPEEDS if (s - rate) * direction > 1e-9]
    nearest = min(candidates, key=lambda s: abs(s - rate), default=rate)
    return set_rate(view, nearest)
