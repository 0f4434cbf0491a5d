"""What a press on the transport becomes."""

import msgspec
import pytest

from desktop import transport
from desktop.transport import Blocked
from desktop.view_model import View
from server.core.messages import SetRate
from server.core.state import Control
from tests.desktop.fake_host import ANA, FILM, HOST, PAUSED

READY = View(item=FILM, timeline=PAUSED, people=(HOST, ANA))


@pytest.mark.parametrize(
    ("rate", "direction", "expected"),
    [
        (1.0, 1, 1.25),
        (1.0, -1, 0.75),
        (2.0, 1, 2.0),
        (0.5, -1, 0.5),
        (1.1, 1, 1.25),
        (1.1, -1, 1.0),
    ],
)
def test_faster_and_slower(rate: float, direction: int, expected: float) -> None:
    timeline = msgspec.structs.replace(PAUSED, rate=rate)
    view = View(item=FILM, timeline=timeline)
    assert transport.faster(view, direction) == SetRate(rate=expected)


def test_without_a_film_everything_is_blocked() -> None:
    answer = transport.toggle(View())
    assert isinstance(answer, Blocked)
    assert answer.why == "no_film"


def test_without_control_everything_is_blocked() -> None:
    view = View(item=FILM, timeline=PAUSED, people=(HOST, ANA), control=Control(controller="ana"))
    for answer in (
        transport.toggle(view),
        transport.jump(view, 5.0, 0.0),
        transport.go_to(view, 1.0),
        transport.step(view, 1),
        transport.set_rate(view, 2.0),
        transport.faster(view, 1),
    ):
        assert isinstance(answer, Blocked)
        assert answer.why == "not_in_control"
        assert "Ana" in answer.message


def test_nothing_is_blocked_for_the_controller() -> None:
    assert transport.blocked(READY) is None
