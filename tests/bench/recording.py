"""Records what a page of ours shows, in any browser, and fetches it as a trace.

Needs of the page that its film is `#film` and that it is served module by module, and of the
browser that it evaluates expressions and that its time can be told in true instants. Where there
are no frame callbacks, the media clock is read at every animation frame, and no frames are
recorded.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.bench.trace import Error, Event, Rate, Sample, Trace

Evaluate = Callable[[str], Awaitable[Any]]
"""The value of an expression in the page."""

Origin = Callable[[], Awaitable[float]]
"""The instant at which the page's `performance.now()` was 0, on CLOCK_MONOTONIC, in seconds."""

# Everything in seconds of `performance.now()`.
_RECORD = """
(async () => {
  const film = document.getElementById("film");
  const bench = { frames: [], readings: [], rates: [], events: [], offsets: [], clock: null };
  globalThis.matineeBench = bench;
  const nowS = () => performance.now() / 1000;
  const read = () => bench.readings.push([film.currentTime, nowS()]);
  if ("requestVideoFrameCallback" in film) {
    const presented = (_called, { mediaTime, expectedDisplayTime }) => {
      film.requestVideoFrameCallback(presented);
      read();
      bench.frames.push([mediaTime, expectedDisplayTime / 1000]);
    };
    film.requestVideoFrameCallback(presented);
  } else {
    const drawn = () => {
      requestAnimationFrame(drawn);
      read();
    };
    requestAnimationFrame(drawn);
  }
  const note = ({ type }) => bench.events.push([type, nowS()]);
  for (const type of ["canplay", "play", "playing", "pause", "seeking", "seeked", "waiting"]) {
    film.addEventListener(type, note);
  }
  film.addEventListener("ratechange", () => bench.rates.push([film.playbackRate, nowS()]));
  document.addEventListener("visibilitychange", () => {
    bench.events.push([document.hidden ? "hidden" : "shown", nowS()]);
  });
  // The page keeps its clock to itself; whoever asks it for the time next, gives it away.
  const { Clock } = await import("/core/clock.js");
  const { serverNow } = Clock.prototype;
  Clock.prototype.serverNow = function (localS) {
    bench.clock = this;
    Clock.prototype.serverNow = serverNow;
    return serverNow.call(this, localS);
  };
  setInterval(() => {
    if (bench.clock?.synchronised) bench.offsets.push([nowS(), bench.clock.offsetAt(nowS())]);
  }, 100);
})()
"""
_TAKE = """globalThis.matineeBench
  ? ["frames", "readings", "rates", "events", "offsets"].map(
      (kind) => matineeBench[kind].splice(0))
  : null"""


class Recorder:
    """What one page has shown, fetched bit by bit.

    Attributes:
        origin_s: When the page's time was 0, on CLOCK_MONOTONIC.
        reloads: How often the page was found to have been loaded anew; it should never be.
    """

    def __init__(self, evaluate: Evaluate, origin: Origin) -> None:
        self.origin_s = 0.0
        self.reloads = 0
        self._evaluate = evaluate
        self._origin = origin
        self._frames: list[Sample] = []
        self._clock: list[Sample] = []
        self._rates: list[Rate] = []
        self._events: list[Event] = []
        self._clock_errors: list[Error] = []

    async def begin(self) -> None:
        """Record from now on, in the page as it is loaded now."""
        self.origin_s = await self._origin()
        await self._evaluate(_RECORD)

    async def collect(self) -> None:
        """Fetch what the page has recorded since the last time."""
        taken = await self._evaluate(_TAKE)
        if taken is None:
            self.reloads += 1
            await self.begin()
            return
        frames, readings, rates, events, offsets = taken
        origin_s = self.origin_s
        self._frames += [Sample(media_s, origin_s + at_s) for media_s, at_s in frames]
        self._clock += [Sample(media_s, origin_s + at_s) for media_s, at_s in readings]
        self._rates += [Rate(rate, origin_s + at_s) for rate, at_s in rates]
        self._events += [Event(what, origin_s + at_s) for what, at_s in events]
        # The true offset from the page's time to the program's is the origin itself.
        self._clock_errors += [
            Error(origin_s + at_s, (offset_s - origin_s) * 1000) for at_s, offset_s in offsets
        ]

    def trace(self, name: str, kind: str) -> Trace:
        """All that has been fetched.

        Args:
            name: Whose it is.
            kind: Of the browser.
        """
        return Trace(
            name=name,
            kind=kind,
            frames=tuple(self._frames),
            clock=tuple(self._clock),
            rates=tuple(self._rates),
            events=tuple(self._events),
            clock_errors=tuple(self._clock_errors),
        )
