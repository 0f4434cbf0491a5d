"""What holds for every test: no screen, no unexpected log, no deadline on a busy machine."""

import atexit
import logging
import os
import signal
import sys
from collections.abc import Iterator

import hypothesis
import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from tests.log_fail import UnexpectedLogs
from tests.sharing import pytest_runtest_protocol, pytest_xdist_make_scheduler

__all__ = ["pytest_runtest_protocol", "pytest_xdist_make_scheduler"]

# Before there is an application. Tests that want real windows give their program another.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _print(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    sys.stderr.write(f"{message}\n")


# pytest-qt listens to Qt during each test, and afterwards puts back who did before. If that is
# nobody, a thread of Qt's that says something at that moment crashes in PySide, which calls what
# is no longer there.
qInstallMessageHandler(_print)
atexit.register(qInstallMessageHandler, None)

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
