"""The constants of a follower and of a clock by name: a tuning's, and those of the core's modules.

Owns how one of them is found and replaced. `tau_s` is a tuning's, `latency._SEEK_UP` a module's.
"""

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from server.core import (
    alignment,
    changes,
    clock,
    display_lag,
    follower,
    late_start,
    latency,
    offset_filter,
    playhead,
    rate,
    rest,
    samples,
    seek_budget,
    tracker,
)
from server.core.tuning import Tuning

_OF_FOLLOWER = (
    *(follower, changes, rest, alignment, latency, seek_budget),
    *(tracker, rate, playhead, samples, display_lag, late_start),
)
_OF_CLOCK = (clock, offset_filter)


def _by_name(modules: Collection[ModuleType]) -> dict[str, ModuleType]:
    return {module.__name__.rpartition(".")[2]: module for module in modules}


FOLLOWER = _by_name(_OF_FOLLOWER)
CLOCK = _by_name(_OF_CLOCK)
MODULES = FOLLOWER | CLOCK
# As many as its name says; and a type checker's.
_NO_CHOICE = {"_GUESS_AND_FIRST", "TYPE_CHECKING"}


def of_tuning(tuning: Tuning) -> dict[str, float]:
    """Return a tuning's constants."""
    return {each.name: getattr(tuning, each.name) for each in dataclasses.fields(tuning)}


def of_modules(modules: Mapping[str, ModuleType]) -> dict[str, float]:
    """Return those of some of `MODULES`, which all players share."""
    return {
        f"{short}.{name}": value
        for short, module in modules.items()
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
    of_all = of_modules(MODULES)
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
