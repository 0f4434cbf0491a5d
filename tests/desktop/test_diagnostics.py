"""The text of a bug report: what it tells, and what it keeps to itself."""

from desktop.diagnostics import Facts, Playback, diagnostics_text
from desktop.frame_tally import Counts
from desktop.view_model import View
from server.core.messages import Invitation
from server.core.observation import Status as Following
from server.core.state import HOST_ID, Control, Person, Status
from server.core.timeline import Timeline
from tests.desktop.fake_host import FILM

SECRET = "c2VjcmV0LXNlY3JldC1zZWM"
ROOM = View(
    item=FILM,
    timeline=Timeline(item_id="film", position_s=60.0, at_s=100.0, playing=True, revision=7),
    control=Control(controller="ana", policy="ask"),
    people=(Person(id=HOST_ID, name="Henrietta"), Person(id="ana", name="Annabel")),
    statuses={
        "ana": Status(id="ana", state="in_sync", error_ms=3.0, rtt_ms=12.0, delay_ms=80.0),
    },
    invitation=Invitation(
        port=8420,
        urls=("http://192.168.1.5:8420/", "http://[fe80::1]:8420/#x", "http://u:p@films.test/"),
        pin="123456",
        invite_url=f"http://192.168.1.5:8420/#invite={SECRET}",
    ),
    problem="night-train.mkv: it can’t be read",
)
PLAYBACK = Playback(
    status=Following("catching_up", -45.0, 1.5, 80.0),
    error_minute_ms=50.0,
    delay_ms=120.0,
    rate=1.003,
    frames=Counts(900, 12, 3),
    frames_per_s=24.6,
    trouble="Out of step",
)


def text(view: View = ROOM) -> str:
    return diagnostics_text(
        Facts(
            taken_at="2026-01-01 20:15:00+01:00",
            now_s=101.0,
            machine=(("version", "0.1.0"), ("Qt", "6.11.3")),
            view=view,
            playback=PLAYBACK,
        )
    )


def test_what_it_tells() -> None:
    for line in (
        "  version: 0.1.0",
        "  Qt: 6.11.3",
        "  codecs: h264, no sound",
        "  timeline: playing, 60.000 s at 100.000 s, speed 1, revision 7",
        "  position now: 61.000 s",
        "  control: a guest, ask",
        "  state: catching_up",
        "  note: Out of step",
        "  error now: -45.0 ms",
        "  error, 95 % of the last minute: 50.0 ms",
        "  learned latency: start 1.5 ms, seek 80.0 ms",
        "  rate: 1.00300",
        "  delay of this screen: 120.0 ms",
        "  frames a second: 24.6",
        "  frames: 900 shown, 12 missed, 3 late",
        "  host: nothing reported",
        "  port: 8420",
        "  page: http://192.168.1.5:8420/",
        "  page: http://[fe80::1]:8420/",
        "  page: http://films.test/",
    ):
        assert line in text().splitlines()
    assert "  guest 1: in_sync; in control; error now: +3 ms;" in text()


def test_what_it_keeps_to_itself() -> None:
    for private in ("123456", SECRET, "#", "u:p", "Henrietta", "Annabel", "Night", "night-train"):
        assert private not in text()


def test_a_room_without_a_film_or_a_server() -> None:
    assert "  film: none" in text(View()).splitlines()
    assert "  serving: not yet" in text(View()).splitlines()
