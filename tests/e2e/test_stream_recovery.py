"""A film that comes in segments, over a network that fails: what is there already goes on."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import MakeGuest, MakeHost
from tests.e2e.eventually import eventually
from tests.media_files import CLIP
from tests.relay import Relay

pytestmark = pytest.mark.browser

_REQUESTS_JS = """(() => {
  globalThis.failed = 0;
  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (...asked) {
    this.addEventListener("error", () => (globalThis.failed += 1));
    return open.apply(this, asked);
  };
})()"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A minute in boxes that no browser opens."""
    target = tmp_path / "film.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), "-c", "copy"]
    subprocess.run([*command, str(target)], check=True, capture_output=True)
    return target


async def test_without_the_network_a_film_goes_on_and_gets_the_rest_later(
    make_host: MakeHost, make_guest: MakeGuest, film: Path
) -> None:
    host = await make_host(film=film)
    ana = await make_guest("Ana", host)
    ben = await make_guest("Ben")
    await ben.screen.page.add_init_script(_REQUESTS_JS)
    async with Relay(host.port) as relay:
        await ben.join(host.invite_url_by(relay.port))
        await ana.take_control()
        await ana.screen.key(" ")
        await ben.follows(host)
        fed = await ben.film("film.src")
        assert str(fed).startswith("blob:")

        relay.unplug()

        # So often that whoever counts failures has given up.
        await eventually(
            lambda: ben.screen.evaluate("failed"), lambda failed: failed > 7, within_s=30
        )
        await ben.keeps_following(host, 1)
        relay.resume()

        await eventually(ben.banner, lambda text: text == "", within_s=20)
        await ana.press("#seek-bar", share=0.6)  # what has never been fetched
        await ben.follows(host, within_s=20)
        assert await ben.film("film.src") == fed, "the film was begun anew"
        await ben.screen.close()
