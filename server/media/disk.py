"""Asks the disk of one film, which may never answer: on threads of that film's own.

A network mount that stalls holds a thread for as long as it likes. Nobody else's film waits behind
it, and the program ends without it: these threads are daemons, unlike those of asyncio and
`concurrent.futures`, which Python waits for at its end.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

_THREADS = 4
"""Questions to a slow disk at once; more would only make its head travel."""

_REST_S = 10.0
"""How long a thread without a question waits for one before it ends."""

_TIDY_FROM = 64
"""From so many waiting questions on, those that nobody wants answered any more are dropped."""


class Disk:
    """The threads that wait for one film's disk."""

    def __init__(self, rest_s: float = _REST_S) -> None:
        """Start no thread yet."""
        self._rest_s = rest_s
        self._news = threading.Condition()
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._threads = 0
        self._resting = 0

    def submit(self, question: Callable[[], T]) -> Future[T]:
        """Have a question answered by a thread; cancelling the future gives it up unless begun."""
        answer: Future[T] = Future()
        with self._news:
            if len(self._waiting) >= _TIDY_FROM:
                self._waiting = deque(each for each in self._waiting if not each[0].cancelled())
            self._waiting.append((answer, question))
            self._news.notify()
            if self._threads < _THREADS and self._resting < len(self._waiting):
                # First it is started: where there is no room for it, nothing is counted.
                threading.Thread(target=self._work, name="media-disk", daemon=True).start()
                self._threads += 1
        return answer

    async def ask(self, question: Callable[[], T]) -> T:
        """Return what a question answers, or raise what it raises.

        Cancelling this stops waiting; a thread that is at it stays there until the disk answers.
        """
        return await asyncio.wrap_future(self.submit(question))

    def _work(self) -> None:
        while (next_one := self._next()) is not None:
            answer, question = next_one
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                answer.set_result(question())
            except BaseException as error:  # noqa: BLE001 - the thread's boundary: it goes to who asked
                answer.set_exception(error)
            del next_one, answer, question  # while this rests, it holds on to nothing

    def _next(self) -> tuple[Future[Any], Callable[[], Any]] | None:
        with self._news:
            self._resting += 1
            self._news.wait_for(lambda: self._waiting, self._rest_s)
            self._resting -= 1
            if self._waiting:
                return self._waiting.popleft()
            self._threads -= 1
            return None
