"""How fast FFmpeg makes segments, from when they came, and how long a wanted one takes. Pure."""

# Of each new segment's speed; the older ones' together have the rest.
_WEIGHT = 0.5
# A segment that takes longer than its predecessors is never more than so far, as far as we say.
_ALMOST = 0.95


class Pace:
    """Of one run, in seconds of film a second."""

    def __init__(self) -> None:
        """Know nothing."""
        self._speed: float | None = None
        self._since_s: float | None = None

    @property
    def speed(self) -> float | None:
        """Seconds of film made in a second; None before the second segment came."""
        return self._speed

    def made(self, film_s: float, now_s: float) -> None:
        """So much film has come since the last time. The first time includes the start: no rule."""
        if self._since_s is not None and now_s > self._since_s:
            speed = film_s / (now_s - self._since_s)
            before = self._speed if self._speed is not None else speed
            self._speed = before + _WEIGHT * (speed - before)
        self._since_s = now_s

    def stood_still(self) -> None:
        """FFmpeg was held back: what comes next says nothing of its speed."""
        self._since_s = None

    def part(self, length_s: float, now_s: float) -> float:
        """Return the share of the segment in making that is likely done, below 1."""
        if self._speed is None or self._since_s is None or length_s <= 0:
            return 0.0
        return min(_ALMOST, (now_s - self._since_s) * self._speed / length_s)
