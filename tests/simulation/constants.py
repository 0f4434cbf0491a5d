"""The constants of a follower by name: a tuning's, and those of the core's modules.

Owns how one of them is found and replaced. `tau_s` is a tuning's, `latency._SEEK_UP` a module's.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from server.core import (
    alignment,
    changes,
    display_lag,
    follower,
    late_start,
    latency,
    playhead,
    rate,
    rest,
    samples,
    seek_budget,
    tracker,
)
from server.core.tuning import Tuning

_PARTS = (
    *(follower, changes, rest, alignment, latency, seek_budget),
    *(tracker, rate, playhead, samples, display_lag, late_start),
)
MODULES = {module.__name__.rpartition(".")[2]: module for module in _PARTS}
# As many as its name says.
_NO_CHOICE = {"_GUESS_AND_FIRST"}


def of_tuning(tuning: Tuning) -> dict[str, float]:
    """Return a tuning's constants."""
    return {each.name: getattr(tuning, each.name) for each in dataclasses.fields(tuning)}


def of_modules() -> dict[str, float]:
    """Return those that all players share."""
    return {
        f"{short}.{name}": value
        for short, module in MODULES.items()
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int | float) and name not in _NO_CHOICE
    }


@contextmanager
def replaced(tuning: Tuning, changed: Mapping[str, float]) -> Iterator[Tuning]:
    """Replace constants for a while.

    Args:
        tuning: Where the unqualified names are.
        changed: New values by name.

    Yields:
        The tuning with those that are its own.

    Raises:
        ValueError: There is no constant of such a name.
    """
    of_all = of_modules()
    shared = {name: value for name, value in changed.items() if "." in name}
    if unknown := (shared.keys() - of_all.keys()) | (
        changed.keys() - shared.keys() - of_tuning(tuning).keys()
    ):
        raise ValueError(f"no such constant: {', '.join(sorted(unknown))}")
    try:
        for name, value in shared.items():
            _set(name, value)
        own: dict[str, Any] = {n: value for n, value in changed.items() if n not in shared}
        yield dataclasses.replace(tuning, **own)
    finally:
        for name in shared:
            _set(name, of_all[name])


def _set(name: str, value: float) -> None:
    short, _, constant = name.partition(".")
    module = MODULES[short]
    setattr(module, constant, type(getattr(module, constant))(value))
