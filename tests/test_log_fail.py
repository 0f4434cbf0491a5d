"""A warning nobody expected is caught; one that a test names is not."""

import logging
from collections.abc import Iterator

import pytest

from tests.log_fail import UnexpectedLogs


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("room")
    logger.propagate = False  # what is logged here must not fail the tests here
    logger.setLevel(logging.DEBUG)
    yield logger
    logger.handlers.clear()


def test_warnings_and_errors_are_kept_with_level_and_logger(logger: logging.Logger) -> None:
    unexpected = UnexpectedLogs([])
    logger.addHandler(unexpected)
    logger.info("Ana joined")
    logger.warning("disk %s", "slow")
    logger.error("gone")
    assert unexpected.lines == ["WARNING room: disk slow", "ERROR room: gone"]


def test_a_record_whose_message_matches_is_allowed(logger: logging.Logger) -> None:
    unexpected = UnexpectedLogs([r"^disk \w+$"])
    logger.addHandler(unexpected)
    logger.warning("disk slow")
    logger.warning("slow disk")
    assert unexpected.lines == ["WARNING room: slow disk"]
