"""Shares the files of tests out among processes: browsers in one of them at a time, if it can be.

Two films that play in browsers at once keep two cores busy, and neither keeps step for certain.
"""

from collections.abc import Mapping

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

_BROWSERS = "tests/e2e/"


class _OneBrowserFirst(LoadFileScheduling):  # type: ignore[misc] # it ships no types
    """Gives each process another file when it is nearly done with what it has."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        others = [work for other, work in self.assigned_work.items() if other is not node]
        wanted = not any(map(_has_browsers_to_do, others))
        fitting = [file for file in self.workqueue if file.startswith(_BROWSERS) is wanted]
        if fitting:
            # Those with the most tests first: at the end, nobody is to be busy alone for long.
            first = max(fitting, key=lambda file: len(self.workqueue[file]))
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _OneBrowserFirst:
    return _OneBrowserFirst(config, log)


def _has_browsers_to_do(work: Mapping[str, Mapping[str, bool]]) -> bool:
    return any(
        file.startswith(_BROWSERS) and not all(tests.values()) for file, tests in work.items()
    )
