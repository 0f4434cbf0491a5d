"""Where the guests are in a rendition: what each of them has asked for last. Pure."""

from collections.abc import Hashable

RECENT_S = 60.0
"""Who has asked for nothing for so long is not counted: they have gone, or all have paused."""

COMES_AGAIN_S = 12.0
"""Who was asked for patience is waited for so long: hls.js comes again after 0.5 to 8 s."""


class Readers:
    """The guests who ask for segments of one rendition."""

    def __init__(self) -> None:
        """Begin without any."""
        self._asked: dict[Hashable, tuple[int, float]] = {}
        self._put_off: dict[Hashable, tuple[int, float]] = {}

    def asked(self, guest: Hashable, number: int, now_s: float) -> None:
        """Somebody asks for a segment; what they asked for before is forgotten."""
        self._asked.pop(guest, None)
        self._asked[guest] = (number, now_s)

    def moved(self, number: int, now_s: float) -> None:
        """All who are here are about to ask for a segment: the room has jumped there."""
        self._asked = {guest: (number, at_s) for guest, (_, at_s) in self._present(now_s).items()}

    def gone(self, guest: Hashable) -> None:
        """Somebody watches something else now."""
        self._asked.pop(guest, None)

    def heads(self, now_s: float) -> list[int]:
        """Return where they are, whoever asked last at the end."""
        self._asked = self._present(now_s)
        return [number for number, _ in self._asked.values()]

    def put_off(self, guest: Hashable, number: int, now_s: float) -> None:
        """Somebody did not get what they asked for, and may come again for it."""
        self._put_off[guest] = (number, now_s)

    def back(self, guest: Hashable) -> None:
        """Somebody is here again, whatever they ask for now."""
        self._put_off.pop(guest, None)

    def expect_nobody(self) -> None:
        """There is nothing left to come again for."""
        self._put_off.clear()

    def expected(self, now_s: float) -> list[int]:
        """Return what those want who may soon come again."""
        self._put_off = {g: at for g, at in self._put_off.items() if now_s - at[1] < COMES_AGAIN_S}
        return [number for number, _ in self._put_off.values()]

    def _present(self, now_s: float) -> dict[Hashable, tuple[int, float]]:
        return {g: at for g, at in self._asked.items() if now_s - at[1] < RECENT_S}
