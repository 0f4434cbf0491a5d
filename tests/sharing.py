"""Shares the files of tests out among processes: browsers in one of them at a time.

Two films that play in browsers at once keep two cores busy, and neither keeps step for certain.
Where nothing else is left to do, two processes take turns, test by test.
"""

import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

if sys.platform != "win32":
    import fcntl

_BROWSERS = "tests/e2e/"
_HEAVY = {
    "tests/e2e/test_any_film.py",
    "tests/e2e/test_bad_input.py",
    "tests/e2e/test_browsers.py",
    "tests/e2e/test_conversion.py",
    "tests/e2e/test_formats.py",
    "tests/e2e/test_sound_device.py",
    "tests/e2e/test_thin_network.py",
}
"""Three browsers at once, conversions, a busy window: these don't keep step beside others."""


class _OneBrowserFirst(LoadFileScheduling):  # type: ignore[misc] # it ships no types
    """Gives each process another file when it is nearly done with what it has."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        others = [work for other, work in self.assigned_work.items() if other is not node]
        wanted = not any(map(_has_browsers_to_do, others))
        fitting = [file for file in self.workqueue if file.startswith(_BROWSERS) is wanted]
        first = min(fitting or self.workqueue, key=self._rank)
        self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)

    def _rank(self, file: str) -> tuple[bool, int]:
        """The heaviest first; then those with the most tests: at the end nobody is busy alone."""
        return file not in _HEAVY, -len(self.workqueue[file])


@pytest.hookimpl(wrapper=True, tryfirst=True)  # waiting for a turn is nobody's timeout
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if not item.nodeid.startswith(_BROWSERS):
        return (yield)
    with _turn():
        return (yield)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until no other process that tests this checkout has one."""
    if sys.platform == "win32":
        yield
        return
    with Path(__file__).open("rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # the system lets go of it whatever becomes of us
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _OneBrowserFirst:
    return _OneBrowserFirst(config, log)


def _has_browsers_to_do(work: Mapping[str, Mapping[str, bool]]) -> bool:
    return any(
        file.startswith(_BROWSERS) and not all(tests.values()) for file, tests in work.items()
    )
