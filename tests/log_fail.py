"""Collects log records that no test expected, so that a warning fails a test as an error does.

Owns the rule; tests/conftest.py applies it to every test. Warnings of Python's `warnings` and
messages of Qt are the business of pytest's and pytest-qt's settings in pyproject.toml.
"""

import logging
import re
from collections.abc import Iterable


class UnexpectedLogs(logging.Handler):
    """Keeps each record of WARNING and above whose message matches no allowed pattern.

    Attributes:
        lines: The records kept, as `LEVEL logger: message`.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        """Start empty.

        Args:
            allowed: Regular expressions, searched for in the formatted message.
        """
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self._allowed = [re.compile(pattern) for pattern in allowed]

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not any(pattern.search(message) for pattern in self._allowed):
            self.lines.append(f"{record.levelname} {record.name}: {message}")
