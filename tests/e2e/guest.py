"""A person at a browser: what they press, and what they see.

Everything is done with real presses and keys, so that the browser's rules hold; everything is
read from the screen. Which frame the film shows comes from its pixels, never from the page.
"""

import asyncio
import json
import time
from collections import deque
from typing import Any, Generic, Protocol, TypeVar

from tests.e2e.browsers.screen import Screen
from tests.e2e.eventually import eventually, settles
from tests.frame_code import READ_FRAME_JS, contain, read_frame_number

FRAME_SLACK = 4
"""Frames between screen and timeline that still count as in step, on a machine that also runs
host, browsers and tests: the canvas is read up to two frames after it was asked for."""

HICCUP_SLACK = 10
"""Frames that a busy machine may hold one picture back; all that a bug does moves it further."""

HICCUP_S = 20.0
"""A page that a busy machine stopped for longer than that is back by then: it may have to wait for
its next seek (3 s, tuning), and for the machine. 3 s were not enough beside another browser."""

STEADY_READINGS = 5

IN_STEP_S = 40.0
"""A film that is not in step by then never will be. On two cores that run the host, a conversion,
three browsers and other tests, 15 s were not enough. How soon it is, the bench measures."""

READINGS_TOLD = 12
"""So many of the latest readings does a failure tell."""

_REST_S = 0.05
"""Between looks that find no picture: those take next to no time."""

_UNREAD = -1

_POINT_JS = """((selector, share) => {
  const element = document.querySelector(selector);
  if (!element) return `there is no ${selector}`;
  element.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = element.getBoundingClientRect();
  if (!width || !height) return `${selector} is not shown`;
  const [x, y] = [left + width * share, top + height / 2];
  const hit = document.elementFromPoint(x, y);
  if (!element.contains(hit)) return `${selector} is covered by ${hit?.outerHTML.slice(0, 80)}`;
  return [x, y];
})"""

_PEOPLE_JS = """Object.fromEntries([...document.querySelectorAll("#people > li")].map((row) => {
  const text = (part) => row.querySelector(part)?.textContent ?? "";
  return [text(".name"), { marks: text(".marks"), state: text(".state"), reason: text(".reason"),
    offset: text(".offset") }];
}))"""


S = TypeVar("S", bound=Screen)


def moves_in_step(run: list[int], shown: int, *, in_step: bool) -> bool:
    """Whether enough readings in a row were in step, and the film moved meanwhile.

    Args:
        run: The readings in a row so far; kept here from one to the next.
        shown: The latest.
        in_step: Whether that one is.
    """
    if not in_step:
        run.clear()
        return False
    run.append(shown)
    return len(run) >= STEADY_READINGS and run[-1] > run[0] + FRAME_SLACK


class Leader(Protocol):
    """Whoever has announced a timeline: a headless host or the window."""

    def expected_frame(self, now_s: float | None = None) -> int:
        """The frame that belongs on every screen at an instant of `time.perf_counter`."""


class Guest(Generic[S]):
    """Somebody at a screen, in the room or about to join."""

    def __init__(self, name: str, screen: S) -> None:
        self.name = name
        self.screen = screen

    # --- What they do ------------------------------------------------------------------------

    async def join(self, url: str, *, pin: str | None = None, sound: bool = True) -> None:
        """Open the page, say who they are, press Join, and see the film's first picture."""
        await self.screen.open(url)
        await self.sign_in(pin=pin, sound=sound)
        await self.sees_film()

    async def sign_in(self, *, pin: str | None = None, sound: bool = True) -> None:
        """Fill in the join page that is open, and press Join."""
        await self.write("#name", self.name)
        if pin is not None:
            await self.write("#pin", pin)
        if not sound:
            await self.press(".join-row .switch")
        await self.press("#join")
        await eventually(lambda: self.visible("#room"))

    async def sees_film(self) -> None:
        """Wait for a frame of the film."""
        await eventually(self.frame, lambda frame: frame is not None)

    async def press(self, selector: str, share: float = 0.5) -> None:
        """Press in the middle of an element, or at another share of its width."""
        await self.screen.press_at(*await self.point(selector, share))

    async def press_action(self, action: str, name: str) -> None:
        """Press a button in somebody's row of the people panel."""
        await self.press(f'#people [aria-label="{action}: {name}"]')

    async def write(self, selector: str, text: str) -> None:
        """Replace what a field holds."""
        await self.press(selector)
        await self.screen.evaluate(f"document.querySelector({json.dumps(selector)}).select()")
        await self.screen.text(text)

    async def choose(self, selector: str, value: str) -> None:
        """Choose an option; the pop-up list itself is the browser's, not the page's."""
        await self.screen.evaluate(
            f"((list) => {{ list.value = {json.dumps(value)};"
            ' list.dispatchEvent(new Event("change", { bubbles: true })); })'
            f"(document.querySelector({json.dumps(selector)}))"
        )

    async def take_control(self) -> None:
        """Press Take control, and see that they have it."""
        await self.press("#take-control")
        await eventually(self.holder, lambda text: text == "You have control")

    async def point(self, selector: str, share: float = 0.5) -> tuple[float, float]:
        """Where in the viewport an element can be pressed, once it can be."""
        where = f"{_POINT_JS}({json.dumps(selector)}, {share})"
        x, y = await eventually(
            lambda: self.screen.evaluate(where), lambda point: isinstance(point, list)
        )
        return x, y

    # --- What they see -----------------------------------------------------------------------

    async def visible(self, selector: str) -> bool:
        """Whether an element takes room on the page."""
        return bool(
            await self.screen.evaluate(
                f"document.querySelector({json.dumps(selector)})?.getClientRects().length > 0"
            )
        )

    async def text(self, selector: str) -> str:
        """The text of an element, empty where it is not shown."""
        return str(
            await self.screen.evaluate(
                f"((e) => e && e.getClientRects().length ? e.innerText.trim() : '')"
                f"(document.querySelector({json.dumps(selector)}))"
            )
        )

    async def holder(self) -> str:
        """Who has control, as the page says it."""
        return await self.text("#who-has-control")

    async def banner(self) -> str:
        """What the page says of its connection; empty while that is well."""
        return await self.text("#status-banner")

    async def log(self) -> str:
        """What the page said lately, newest first."""
        return await self.text("#log")

    async def shown_time(self) -> str:
        """The time and the length that the controls show, such as `0:10 / 1:00`."""
        text = await self.screen.evaluate(
            'document.querySelector("media-time-display").shadowRoot.querySelector("slot").innerText'
        )
        return str(text).replace("\xa0", " ").strip()

    async def people(self) -> dict[str, dict[str, str]]:
        """The rows of the people panel, by name: marks, state, reason, offset."""
        answer: dict[str, dict[str, str]] = await self.screen.evaluate(_PEOPLE_JS)
        return answer

    async def frame(self) -> int | None:
        """The number in the picture that the film shows now; None where none can be read."""
        answer: int | None = await self.screen.evaluate(
            f'({READ_FRAME_JS})(document.querySelector("#film"))'
        )
        return answer

    async def pictured_frame(self) -> int | None:
        """The same from a picture of the whole page, so with all that lies over the film."""
        box = await self.screen.evaluate(
            "(({ left, top, right, bottom }) => [left, top, right, bottom])"
            '(document.querySelector("#film").getBoundingClientRect())'
        )
        return read_frame_number(await self.screen.picture(), contain(tuple(box)))

    async def film(self, expression: str) -> Any:
        """Evaluate with `film` as the video element: what a tamperer's script would do."""
        return await self.screen.evaluate(
            f'((film) => ({expression}))(document.querySelector("#film"))'
        )

    # --- What they must see ------------------------------------------------------------------

    async def rests_on(self, frame: int, within_s: float = 30) -> None:
        """The film comes to rest on exactly this frame, and stays there."""
        await settles(self.frame, frame, within_s=within_s)
        await eventually(self.pictured_frame, lambda shown: shown == frame)

    async def follows(self, host: Leader, within_s: float = IN_STEP_S) -> None:
        """The film moves, in step with the timeline that the host announced."""
        run: list[int] = []
        readings: deque[tuple[int, int, int]] = deque(maxlen=READINGS_TOLD)

        async def frame_earliest_latest() -> list[tuple[int, int, int]]:
            readings.append(await self._frame_and_expected(host))
            return list(readings)

        def in_step(readings: list[tuple[int, int, int]]) -> bool:
            shown, earliest, latest = readings[-1]
            return moves_in_step(run, shown, in_step=earliest <= shown <= latest)

        await eventually(frame_earliest_latest, in_step, within_s=within_s)

    async def keeps_following(self, host: Leader, for_s: float) -> None:
        """The film stays where it belongs, at every look, but for a busy machine's hiccups.

        One of them may be longer, if the film is back as soon as a page can notice, seek and
        start. Looks at which there was no picture to read are left out, if they are not the most:
        where they are, it is looked at for as long as a hiccup may take.
        """
        spare = HICCUP_SLACK - FRAME_SLACK
        until_s = time.perf_counter() + for_s
        looks = unread = strays = 0
        while time.perf_counter() < until_s + (HICCUP_S if 2 * unread >= looks else 0):
            shown, earliest, latest = await self._frame_and_expected(host)
            looks += 1
            if shown == _UNREAD:
                unread += 1
                await asyncio.sleep(_REST_S)
            elif not earliest - spare <= shown <= latest + spare:
                strays += 1
                assert strays == 1, f"astray again: frame {shown}, not {earliest} to {latest}"
                await self.follows(host, within_s=HICCUP_S)
        assert 2 * unread < looks, f"no picture at {unread} of {looks} looks"

    async def _frame_and_expected(self, host: Leader) -> tuple[int, int, int]:
        """The frame shown, and the first and last that would be in step."""
        before_s = time.perf_counter()
        shown = await self.frame()
        earliest = host.expected_frame(before_s) - FRAME_SLACK
        latest = host.expected_frame(time.perf_counter()) + FRAME_SLACK
        return _UNREAD if shown is None else shown, earliest, latest
