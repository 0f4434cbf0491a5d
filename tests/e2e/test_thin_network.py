"""A guest whose network is too thin for the film gets less of it, before it ever waits for data."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import MakeGuest, MakeHost
from tests.e2e.eventually import eventually
from tests.media_files import CLIP
from tests.relay import Relay, Weather

pytestmark = pytest.mark.browser

FILM_BYTES_PER_S = 1_000_000


def is_stream(src: object) -> bool:
    return str(src).startswith("blob:")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """What every browser opens, with the same number of bytes in each second."""
    target = tmp_path / "film.mp4"
    rate = str(FILM_BYTES_PER_S * 8)
    command = ["ffmpeg", "-v", "error", "-t", "20", "-i", str(CLIP), "-vf", "scale=864:486"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-x264-params", "nal-hrd=cbr:filler=1"]
    command += ["-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-movflags", "+faststart"]
    subprocess.run([*command, str(target)], check=True, capture_output=True)
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
