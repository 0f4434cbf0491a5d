"""The server's thread: starts it, stops it, and hands commands over to it.

Callable from any thread: commands cross with `call_soon_threadsafe`, and what happens comes
back through `subscribe`, on the server's thread. What runs there is put together in `run`.
"""

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from server.config import Config
from server.core.cues import Batch
from server.core.errors import HostError, UnknownItem
from server.core.messages import Intent, Invitation, Report, ServerMessage
from server.core.state import Item
from server.media.hls.decoding import Decoding
from server.run import SERVER_DIED, Run, server_died

__all__ = ["SERVER_DIED", "Decoding", "Host", "server_died"]

log = logging.getLogger("matinee.host")

START_TIMEOUT_S = 20.0
"""How long the server may take to answer its own first request before we give up."""

STOP_TIMEOUT_S = 10.0
"""How long it may take to say goodbye; a thread that hangs longer is left to die with us."""

Listener = Callable[[ServerMessage], None]


class Host:
    """One run of the server, from `start` to `stop`; it can't be started twice."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._thread: threading.Thread | None = None
        self._run: concurrent.futures.Future[Run] = concurrent.futures.Future()
        self._stopped = False

    def start(self) -> Invitation:
        """Start serving, and wait until the server has answered a request of its own.

        Returns:
            How guests get in.

        Raises:
            HostError: It can't serve, or was started before; the message says what to do.
        """
        if self._thread is not None:
            raise HostError("started_twice", "This host was started before; make a new one.")
        self._thread = threading.Thread(target=self._serve, name="matinee-server", daemon=True)
        self._thread.start()
        try:
            return self._run.result(START_TIMEOUT_S).invitation
        except TimeoutError:
            self._stopped = True  # whenever it does start, it ends at once
            raise HostError(
                "start_timeout", "The server did not start in time. Please try again."
            ) from None

    @property
    def alive(self) -> bool:
        """Whether the server's thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Tell the guests that the session is over, and stop. Later calls change nothing."""
        if self._thread is None or self._stopped:
            return
        self._stopped = True
        self._call(lambda run: run.stop())
        self._thread.join(STOP_TIMEOUT_S)
        if self._thread.is_alive():
            log.error("The server's thread did not end in time.")

    def submit(self, intent: Intent) -> None:
        """Ask for `intent` as the host; a refusal comes back as a `Refusal` message."""
        self._call(lambda run: run.hub.submit(intent))

    def report(self, report: Report) -> None:
        """Say how the host's own window is doing."""
        self._call(lambda run: run.hub.report_host(report))

    def open(self, path: Path, *, loop: bool = False) -> concurrent.futures.Future[Item]:
        """Probe a file and switch everyone to it.

        Args:
            path: The film.
            loop: Whether it starts again at its end.

        Returns:
            A future of the item; it fails with `MediaError` when the file can't be used, and
            then nobody is switched. Cancelling it gives the file up, as does opening another.
        """
        run = self._running()
        if run is None:
            return _failed()
        return asyncio.run_coroutine_threadsafe(run.open(path, loop=loop), run.loop)

    def path_of(self, item_id: str) -> Path | None:
        """The file behind an item, for the host's own player; None when it is not open."""
        run = self._running()
        if run is None:
            return None
        try:
            return run.library.resolve(item_id)
        except UnknownItem:
            return None

    def is_joined(self, item_id: str) -> bool:
        """Whether an edit list puts a film together from pieces; no film is not."""
        run = self._running()
        if run is None:
            return False
        try:
            return run.library.entry(item_id).facts.film.joined
        except UnknownItem:
            return False

    def thumbnail(self, item_id: str, position_s: float) -> concurrent.futures.Future[bytes]:
        """A small picture of a film for a media time in seconds: a JPEG, or empty for none."""
        return self._picture(lambda run: run.thumbnail(item_id, position_s))

    def cover(self, item_id: str) -> concurrent.futures.Future[bytes]:
        """The picture that a file carries for itself, JPEG or PNG; empty where there is none."""
        return self._picture(lambda run: run.cover(item_id))

    def decode(self, item_id: str, position_s: float) -> concurrent.futures.Future[Decoding]:
        """Let FFmpeg decode a film for this process from a media time on, in seconds.

        Returns:
            A future of that; it fails with `MediaError` where it can't be done.
        """
        run = self._running()
        if run is None:
            return _failed()
        return asyncio.run_coroutine_threadsafe(run.decode(item_id, position_s), run.loop)

    def follow_subtitles(
        self, item_id: str, track_id: str, deliver: Callable[[Batch], None]
    ) -> Callable[[], None]:
        """Call `deliver` on the server's thread with a track's cues or pictures as they are found.

        Returns:
            Ends it; harmless when called again. The batch that is `done` ends it, too.
        """
        run = self._running()
        if run is None:
            return lambda: None
        asked = run.follow_subtitles(item_id, track_id, deliver)
        following = asyncio.run_coroutine_threadsafe(asked, run.loop)

        def end() -> None:
            following.cancel()

        return end

    def subtitle_picture(
        self, item_id: str, track_id: str, number: int
    ) -> concurrent.futures.Future[bytes]:
        """A picture of a track as PNG; empty where there is none."""
        return self._picture(lambda run: run.subtitle_picture(item_id, track_id, number))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with a snapshot and all that follows, on the server's thread.

        Returns:
            A function that ends it, for any thread.
        """
        endings: list[Callable[[], None]] = []
        self._call(lambda run: endings.append(run.hub.listen(listener)))

        def unsubscribe() -> None:
            self._call(lambda _run: [end() for end in endings])

        return unsubscribe

    def _picture(
        self, ask: Callable[[Run], Coroutine[None, None, bytes]]
    ) -> concurrent.futures.Future[bytes]:
        run = self._running()
        if run is None:
            none: concurrent.futures.Future[bytes] = concurrent.futures.Future()
            none.set_result(b"")
            return none
        return asyncio.run_coroutine_threadsafe(ask(run), run.loop)

    def _running(self) -> Run | None:
        if not self._run.done() or self._run.exception() or self._stopped:
            return None
        run = self._run.result()
        return None if run.loop.is_closed() else run  # closed: the server ended by itself

    def _call(self, command: Callable[[Run], object]) -> None:
        """Run `command` on the server's thread; nothing where it does not run (any more)."""
        if not self._run.done() or self._run.exception():
            return
        run = self._run.result()
        try:
            run.loop.call_soon_threadsafe(command, run)
        except RuntimeError:  # the loop is closed: the session has ended
            log.debug("A command came after the end.")

    def _serve(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:  # the thread's own boundary
            if not self._run.done():
                self._run.set_exception(error)
            else:
                log.exception("The server's thread failed.")

    async def _main(self) -> None:
        run = Run(self._config)  # inside the loop, to which its parts belong
        try:
            await run.start()
            self._run.set_result(run)
            if not self._stopped:
                await run.until_stopped()
        finally:
            await run.close()


def _failed() -> concurrent.futures.Future[Any]:
    failed: concurrent.futures.Future[Any] = concurrent.futures.Future()
    failed.set_exception(HostError("not_running", "The session has ended."))
    return failed
