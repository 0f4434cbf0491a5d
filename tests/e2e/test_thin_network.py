"""A guest whose network is too thin for the film gets less of it, before it ever waits for data."""

import subprocess
from pathlib import Path

import pytest
from playwright.async_api import Route

from tests.e2e.conftest import MakeGuest, MakeHost
from tests.e2e.eventually import eventually
from tests.e2e.host_inside import host_inside
from tests.media_files import CLIP
from tests.relay import Relay, Weather

pytestmark = pytest.mark.browser

FILM_BYTES_PER_S = 1_000_000
WIDTH, LESS = 864, 854
"""Of its picture, and of the quality below."""


CALM = ("CALM_S = 180", "CALM_S = 5")
"""How long a film goes well before more is tried (web/core/quality.js), and how long here."""


class Impatience:
    """Has the page's script changed on its way to a page that is yet to open.

    Attributes:
        times: How often it was.
    """

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, route: Route) -> None:
        """Answer for the host."""
        answer = await route.fetch()
        said = await answer.text()
        self.times += said.count(CALM[0])
        packed = {"content-encoding", "content-length"}  # and the text no longer is
        headers = {name: value for name, value in answer.headers.items() if name not in packed}
        await route.fulfill(response=answer, headers=headers, body=said.replace(*CALM))


def is_stream(src: object) -> bool:
    return str(src).startswith("blob:")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every browser opens, with the same number of bytes in each second."""
    target = tmp_path_factory.mktemp("film") / "film.mp4"
    rate = str(FILM_BYTES_PER_S * 8)
    command = ["ffmpeg", "-v", "error", "-t", "60", "-i", str(CLIP), "-vf", f"scale={WIDTH}:486"]
    command += [
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-g",
        "90",
        "-x264-params",
        "nal-hrd=cbr:filler=1",
    ]
    command += ["-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-movflags", "+faststart"]
    subprocess.run([*command, str(target)], check=True, capture_output=True)
    return target


@pytest.fixture
def boxed(film: Path, tmp_path: Path) -> Path:
    """The same in boxes that no browser opens."""
    target = tmp_path / "film.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(film), "-c", "copy", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


async def test_the_file_itself_gives_way_to_less_before_it_waits_for_data(
    make_host: MakeHost, make_guest: MakeGuest, film: Path
) -> None:
    host = await make_host(film=film)
    ben = await make_guest("Ben")
    async with Relay(host.port) as relay:
        await ben.screen.open(host.invite_url_by(relay.port))
        await eventually(lambda: ben.visible("#join"))
        relay.weather = Weather(bytes_per_s=0.7 * FILM_BYTES_PER_S)
        await ben.sign_in()
        await ben.sees_film()
        assert not is_stream(await ben.film("film.src"))

        # The room rests still: nobody has waited for data.
        await eventually(lambda: ben.film("film.src"), is_stream, within_s=20)

        await ben.take_control()
        await ben.screen.key(" ")
        await ben.follows(host)
        await ben.screen.close()


async def test_a_stream_gives_way_to_less_and_the_next_film_begins_there_until_more_can_come(
    make_guest: MakeGuest, film: Path, boxed: Path, tmp_path: Path
) -> None:
    ben, impatience = await make_guest("Ben"), Impatience()
    await ben.screen.page.route("**/*.js", impatience)

    async def width() -> int:
        return int(await ben.film("film.videoWidth"))

    async with host_inside(tmp_path / "state") as host, Relay(host.port) as relay:
        await host.open(boxed)
        await ben.screen.open(host.invite_url_by(relay.port))
        assert impatience.times == 1
        await ben.sign_in()
        await ben.take_control()
        await ben.screen.key(" ")
        relay.weather = Weather(bytes_per_s=3 * FILM_BYTES_PER_S)  # soon there is a picture
        await eventually(width, lambda width: width == WIDTH)
        relay.weather = Weather(bytes_per_s=0.5 * FILM_BYTES_PER_S)

        await eventually(width, lambda width: width == LESS, within_s=20)

        less = await ben.film("film.src")
        await host.open(film)
        await eventually(lambda: ben.film("film.src"), lambda src: src not in {less, ""})
        assert await eventually(width) == LESS, "it began with what the network does not bear"

        await ben.screen.key(" ")
        await ben.follows(host)
        relay.weather = Weather()
        await eventually(width, lambda width: width == WIDTH, within_s=30)
        await ben.follows(host)
