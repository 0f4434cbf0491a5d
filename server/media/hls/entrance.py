"""How far before a wanted segment reading begins, so that nothing of it is missing.

Pure. A run that began too late says so; the next one begins earlier.
"""

from server.media.hls.recipes import FilmRecipe
from server.media.hls.table import Table

# Tried in turn until reading begins before the segment that is wanted, in seconds; and, where
# a picture is held for longer than a segment, until it begins before that picture, in segments.
_RUN_UPS_S = (0, 3, 12, 48)
_STEPS_BACK = (0, 1, 4, 16)


class Entrance:
    """What was learned of one rendition."""

    def __init__(self) -> None:
        """Begin where the segment does."""
        self._run_up = 0

    @staticmethod
    def first(asked: int, steps_back: int) -> int:
        """Return the segment to begin with, for one that is asked for."""
        return max(0, asked - _STEPS_BACK[steps_back])

    def run_up_s(self, recipe: FilmRecipe, first: int) -> int:
        """Return how long before that segment reading begins, in seconds."""
        return _RUN_UPS_S[self._run_up] if recipe.enters_anywhere and first > 0 else 0

    def latest_s(
        self, recipe: FilmRecipe, table: Table, first: int, steps_back: int
    ) -> float | None:
        """Return how late the first picture may come, in seconds; None: it can't come earlier."""
        if first == 0 or not recipe.pictures:
            return None
        if self._may_run_up(recipe):
            return recipe.late_s
        begins, ends = table.bounds(first)
        held = recipe.converts and steps_back + 1 < len(_STEPS_BACK)
        return float(ends - begins) if held else None

    def earlier(self, recipe: FilmRecipe, steps_back: int) -> int:
        """A run began too late: return the steps back to try next."""
        if self._may_run_up(recipe):
            self._run_up += 1
            return steps_back
        return steps_back + 1

    def _may_run_up(self, recipe: FilmRecipe) -> bool:
        return recipe.enters_anywhere and self._run_up + 1 < len(_RUN_UPS_S)
