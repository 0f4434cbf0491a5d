"""Waits for a condition, within bounds: the only way in which end-to-end tests wait."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

T = TypeVar("T")

POLL_S = 0.02


@overload
async def eventually(
    read: Callable[[], Awaitable[T]], accept: Callable[[T], object] = bool, *, within_s: float = 30
) -> T: ...


@overload
async def eventually(
    read: Callable[[], T], accept: Callable[[T], object] = bool, *, within_s: float = 30
) -> T: ...


async def eventually(
    read: Callable[[], T | Awaitable[T]],
    accept: Callable[[T], object] = bool,
    *,
    within_s: float = 30,
) -> T:
    """Read until `accept` likes what is read.

    Args:
        read: Gives the value, at once or awaited.
        accept: Says whether it is the one waited for.
        within_s: How long to wait.

    Returns:
        The accepted value.

    Raises:
        AssertionError: It never came; the message has the last value and both functions' place.
    """
    deadline_s = time.perf_counter() + within_s
    while True:
        answer = read()
        value = await answer if inspect.isawaitable(answer) else answer
        if accept(value):
            return value
        if time.perf_counter() > deadline_s:
            raise AssertionError(
                f"{_place(read)} was still {value!r} after {within_s} s; wanted {_place(accept)}"
            )
        await asyncio.sleep(POLL_S)


async def settles(
    read: Callable[[], object], wanted: object = None, *, for_s: float = 0.3, within_s: float = 30
) -> object:
    """Read, at once or awaited, until it has been the same for `for_s` seconds without a break.

    Args:
        read: Gives the value; None is never the one waited for.
        wanted: The value to be; None: whichever it is.
        for_s: How long it must hold.
        within_s: How long to wait for all that.

    Returns:
        The value.

    Raises:
        AssertionError: It did not come to rest.
    """
    resting: object = None
    since_s = 0.0

    async def rested() -> tuple[bool, object]:
        nonlocal resting, since_s
        answer = read()
        value = await answer if inspect.isawaitable(answer) else answer
        now_s = time.perf_counter()
        if value is None or value != resting or wanted not in {None, value}:
            resting, since_s = value, now_s
        return value is not None and wanted in {None, value} and now_s - since_s >= for_s, value

    return (await eventually(rested, lambda seen: seen[0], within_s=within_s))[1]


@overload
async def always(
    read: Callable[[], Awaitable[T]], accept: Callable[[T], object], *, for_s: float
) -> None: ...


@overload
async def always(read: Callable[[], T], accept: Callable[[T], object], *, for_s: float) -> None: ...


async def always(
    read: Callable[[], T | Awaitable[T]], accept: Callable[[T], object], *, for_s: float
) -> None:
    """Read again and again for `for_s` seconds.

    Raises:
        AssertionError: `accept` did not like one of the values.
    """
    end_s = time.perf_counter() + for_s
    while time.perf_counter() < end_s:
        answer = read()
        value = await answer if inspect.isawaitable(answer) else answer
        assert accept(value), f"{_place(read)} was {value!r}; wanted always {_place(accept)}"
        await asyncio.sleep(POLL_S)


def _place(function: Callable[..., object]) -> str:
    try:
        return inspect.getsource(function).strip()
    except (OSError, TypeError):
        return repr(function)
