"""How a bench talks to a process of its own: one line of text in, one line of JSON out."""

import json
import sys
import threading
from collections.abc import Callable
from typing import Any


def serve_orders(ready: object, answer: Callable[[str], Any]) -> None:
    """Say that this process is ready, then answer orders, in a thread, as they come.

    Args:
        ready: The first line.
        answer: Called in that thread with each order; what it returns is the answer.
    """
    _print(ready)

    def serve() -> None:
        for line in sys.stdin:
            _print(answer(line.strip()))

    threading.Thread(target=serve, name="orders", daemon=True).start()


def _print(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()
