"""What a follower notices between two looks."""

import msgspec
import pytest

from server.core.changes import Changes, News
from server.core.timeline import Timeline

LINE = Timeline(item_id="a", position_s=10.0, at_s=100.0, playing=True, revision=1)
GLIDING = msgspec.structs.replace(LINE, position_s=15.0, at_s=105.0, slew=0.004, revision=2)
STRAIGHT = msgspec.structs.replace(LINE, position_s=15.0, at_s=105.0, revision=2)
JUMPED = msgspec.structs.replace(STRAIGHT, position_s=60.0)
ANOTHER = msgspec.structs.replace(STRAIGHT, item_id="b")


def test_the_first_look_finds_all_new() -> None:
    assert Changes().since(LINE, 103.0) == News(film=True, clock=False, line=True, slope=False)


@pytest.mark.parametrize(
    ("line", "now_s", "news"),
    [
        (LINE, 105.1, News(film=False, clock=False, line=False, slope=False)),
        (GLIDING, 105.1, News(film=False, clock=False, line=False, slope=True)),
        (STRAIGHT, 105.1, News(film=False, clock=False, line=False, slope=False)),
        (JUMPED, 105.1, News(film=False, clock=False, line=True, slope=False)),
        (ANOTHER, 105.1, News(film=True, clock=False, line=True, slope=False)),
        (LINE, 104.5, News(film=False, clock=False, line=False, slope=False)),
        (LINE, 40.0, News(film=False, clock=True, line=True, slope=False)),
        (GLIDING, 40.0, News(film=False, clock=True, line=True, slope=False)),
    ],
    ids=[
        *("nothing", "a glide", "the same line told anew", "a jump", "another film"),
        *("a clock mended a little", "another clock", "another clock amid a glide"),
    ],
)
def test_a_later_look_tells_what_changed(line: Timeline, now_s: float, news: News) -> None:
    changes = Changes()
    changes.since(LINE, 105.0)
    assert changes.since(line, now_s) == news
