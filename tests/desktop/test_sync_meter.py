"""The meter in each person's row: where its needle stands, and what it says."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop import style
from desktop.elided_label import ElidedLabel
from desktop.person_row import PersonRow
from desktop.sync_meter import SyncMeter
from server.core.messages import Statuses, TimelineChanged
from server.core.state import HOST_ID, Cause, Status
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, FILM, HOST, PAUSED, welcome

PLAYING = Timeline(item_id="film", position_s=1.0, at_s=0.0, playing=True)
IN_SYNC = Status(
    id="ana",
    state="in_sync",
    error_ms=3.4,
    error_minute_ms=6.0,
    rtt_ms=12.0,
    clock_ms=0.3,
    delay_ms=120.0,
)


@pytest.fixture
def party(unwelcomed: WindowTest) -> WindowTest:
    people = (HOST, ANA)
    unwelcomed.say(
        welcome(item=FILM, timeline=PLAYING, people=people), Statuses(statuses=(IN_SYNC,))
    )
    return unwelcomed


def row(stage: WindowTest, participant_id: str = "ana") -> PersonRow:
    rows = stage.window.people.findChildren(PersonRow)
    return next(row for row in rows if row.participant_id == participant_id)


def test_the_row_shows_the_error(party: WindowTest) -> None:
    assert row(party).meter.isVisible()
    assert row(party).meter.error_ms == 3.4
    assert party.find(QLabel, "personError", row(party)).text() == "+3 ms"


def test_hovering_tells_the_rest(party: WindowTest) -> None:
    assert row(party).toolTip().splitlines() == [
        "Error now: +3 ms",
        "Last minute, 95 %: within 6 ms",
        "Round trip: 12 ms",
        "Clock: ± 0.3 ms",
        "Delay set: Plays 120 ms earlier",
    ]


def test_why_a_hidden_page_is_coarse_is_told(party: WindowTest) -> None:
    party.say(Statuses(statuses=(Status(id="ana", state="away"),)))
    assert row(party).toolTip().splitlines()[-1] == (
        "Note: The page is hidden, so it follows coarsely."
    )


def test_it_is_read_aloud(party: WindowTest) -> None:
    assert row(party).meter.accessibleName() == "Sync of Ana"
    assert row(party).meter.accessibleDescription() == "3 milliseconds ahead"
    assert row(party).accessibleName() == "Ana, In sync, 3 milliseconds ahead"


def test_no_meter_without_an_error(party: WindowTest) -> None:
    assert not row(party, HOST_ID).meter.isVisible()
    party.say(TimelineChanged(timeline=PAUSED, cause=Cause(action="pause", by=HOST_ID)))
    assert not row(party).meter.isVisible()
    assert row(party).accessibleName() == "Ana, In sync"


def test_what_keeps_somebody_from_step_is_said(party: WindowTest) -> None:
    reason = "This device is too slow for this film; it may stutter."
    party.say(Statuses(statuses=(Status(id="ana", state="in_sync", reason=reason),)))
    shown = party.find(ElidedLabel, "personReason", row(party))
    assert shown.isVisible()
    assert shown.text() == reason
    party.say(Statuses(statuses=(IN_SYNC,)))
    assert not shown.isVisible()


def needle_x(meter: SyncMeter) -> int:
    """Where the needle's colour is strongest, along the meter's upper edge."""
    image = meter.grab().toImage()
    wanted = QColor(meter.colour)

    def differs(x: int) -> int:
        seen = image.pixelColor(x, 3)
        return abs(seen.red() - wanted.red()) + abs(seen.green() - wanted.green())

    return min(range(image.width()), key=differs)


@pytest.fixture
def meter(qtbot: QtBot) -> SyncMeter:
    meter = SyncMeter()
    qtbot.addWidget(meter)
    meter.show()
    return meter


def test_the_needle_rests_in_the_middle_and_stays_on_the_scale(meter: SyncMeter) -> None:
    places = []
    for error_ms in (-500.0, -50.0, -20.0, 0.0, 20.0, 50.0, 500.0):
        meter.show_error(error_ms, 6.0, in_sync=True)
        places.append(needle_x(meter))
    middle = meter.width() / 2
    assert places[3] == pytest.approx(middle, abs=1.5)
    assert places == sorted(places)
    assert places[0] == places[1] <= 2
    assert places[5] == places[6] >= meter.width() - 4


def test_the_colour_says_whether_that_is_good(meter: SyncMeter) -> None:
    meter.show_error(5.0, None, in_sync=True)
    assert meter.colour == style.OK
    meter.show_error(45.0, None, in_sync=False)
    assert meter.colour == style.ACCENT
