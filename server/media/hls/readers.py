"""Where the guests are in a rendition: what each of them has asked for last. Pure."""

from collections.abc import Hashable

RECENT_S = 60.0
"""Who has asked for nothing for so long is not counted: they have gone, or all have paused."""


class Readers:
    """The guests who ask for segments of one rendition."""

    def __init__(self) -> None:
        """Begin without any."""
        self._asked: dict[Hashable, tuple[int, float]] = {}

    def asked(self, guest: Hashable, number: int, now_s: float) -> None:
        """Somebody asks for a segment; what they asked for before is forgotten."""
        self._asked.pop(guest, None)
        self._asked[guest] = (number, now_s)

    def heads(self, now_s: float) -> list[int]:
        """Return where they are, whoever asked last at the end."""
        self._asked = {g: at for g, at in self._asked.items() if now_s - at[1] < RECENT_S}
        return [number for number, _ in self._asked.values()]
