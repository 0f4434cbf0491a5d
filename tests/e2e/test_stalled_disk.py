"""The film's disk stalls under those who watch: they are told, and go on once it is back."""

from pathlib import Path

import pytest

from server.media.direct import STALL_S
from server.media.hls import verdicts
from tests.e2e.conftest import ChromiumGuest, MakeGuest
from tests.e2e.eventually import eventually
from tests.e2e.host_inside import HostInside, host_inside
from tests.e2e.test_films import long_film
from tests.server.media.hls.waiting import WaitingFfmpeg
from tests.server.media.stalled import stalled

pytestmark = pytest.mark.browser

STALLED = (
    "The film’s disk does not answer. Check that it is connected, and its network if it is on "
    "another computer."
)


async def plays(guest: ChromiumGuest, host: HostInside, film: Path) -> None:
    await host.open(film)
    await guest.join(host.invite_url)
    await guest.take_control()
    await guest.screen.key(" ")
    await guest.follows(host)


async def is_told(guest: ChromiumGuest, host: HostInside) -> None:
    """By the host, once; and the room waits."""
    told = await eventually(lambda: host.complaints)
    assert [words.startswith(STALLED) for words in told] == [True]
    await eventually(guest.log, lambda log: told[0] in log)
    assert not host.timeline.playing


@pytest.mark.allow_log("can't be served")
async def test_under_a_film_that_is_sent_as_it_is(make_guest: MakeGuest, tmp_path: Path) -> None:
    ana = await make_guest("Ana")
    async with host_inside(tmp_path / "state") as host:
        await plays(ana, host, long_film(tmp_path / "film.mp4"))

        with stalled(host.disk):  # it sleeps
            await ana.press("#seek-bar", share=0.8)  # to what is not fetched yet
            await eventually(lambda: ana.text("#curtain-text"), lambda text: text == "Buffering…")
        await ana.follows(host)
        assert host.complaints == []

        host.give_up_a_disk_after(0.5)
        with stalled(host.disk):
            await ana.press("#seek-bar", share=0.5)
            await is_told(ana, host)
        host.give_up_a_disk_after(STALL_S)
        await ana.screen.key(" ")
        await ana.follows(host)


async def test_under_a_film_that_is_repacked(
    make_guest: MakeGuest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "_HOPELESS_S", 0.0)  # asked again, it is tried again
    ffmpeg = WaitingFfmpeg(tmp_path / "bin", monkeypatch)
    ana = await make_guest("Ana")
    async with host_inside(tmp_path / "state") as host:
        await plays(ana, host, long_film(tmp_path / "film.mkv"))

        with monkeypatch.context() as impatient:
            impatient.setattr(verdicts, "STALL_S", 1.0)
            ffmpeg.wait()
            await ana.press("#seek-bar", share=0.8)
            await is_told(ana, host)
        ffmpeg.go_on()
        await ana.press("#seek-bar", share=0.6)
        await ana.screen.key(" ")
        await ana.follows(host)
