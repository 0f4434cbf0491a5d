"""What holds for every test: no screen, no unexpected log, no deadline on a busy machine."""

import logging
import os
import signal
from collections.abc import Iterator

import hypothesis
import pytest

from tests.log_fail import UnexpectedLogs
from tests.sharing import pytest_xdist_make_scheduler

__all__ = ["pytest_xdist_make_scheduler"]

# Before anything imports Qt. A test that wants real windows gives its program its own environment.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A shell that starts us in the background has us ignore Ctrl-C, and nohup has us ignore that the
# terminal is closed. All programs that we start would inherit that, who are to be ended by it. A
# handler is not inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda _signal, _frame: None)

# How long an example takes is the machine's affair; pytest-timeout catches what hangs.
# Every run tries the same examples, and says something of the change at hand; `make soak` others.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("others", deadline=None)
hypothesis.settings.load_profile("same")


@pytest.fixture(autouse=True)
def _no_unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logged a warning or an error which no `allow_log` mark of it names."""
    allowed = [str(mark.args[0]) for mark in request.node.iter_markers("allow_log")]
    unexpected = UnexpectedLogs(allowed)
    root = logging.getLogger()
    root.addHandler(unexpected)
    yield
    root.removeHandler(unexpected)
    if unexpected.lines:
        pytest.fail("unexpected log records:\n" + "\n".join(unexpected.lines), pytrace=False)
