"""A film that an edit list puts together from pieces: each place shows what the list says."""

import subprocess
from pathlib import Path

import pytest

from tests.matrix.reference import numbers_at
from tests.media_files import CLIP, show_in_pieces
from tests.server.media.hls.films import hls, shown

JOIN_S, SECOND_S, END_S = 9.7, 14.2, 20.0
"""The second piece begins amid a group of pictures, whose first is 5.9 s before it."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("film") / "pieces.mp4"
    made = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-c:a", "copy")
    command = ["ffmpeg", "-v", "error", "-t", f"{END_S}", "-i", str(CLIP), *made, str(target)]
    subprocess.run(command, check=True, capture_output=True)
    show_in_pieces(target, ((0, JOIN_S), (SECOND_S, END_S)))
    return target


async def test_a_place_shortly_before_the_join_shows_what_the_list_says(
    film: Path, tmp_path: Path
) -> None:
    async with hls(tmp_path / "cache") as running:
        item = await running.open(film)
        names = ("init.mp4", "4.m4s", "5.m4s")
        parts = [await running.bytes(item, f"v-640x360/v-640x360/{name}") for name in names]
    seen = shown(parts[0], b"".join(parts[1:]))
    times = [time for time, _ in seen]
    assert times[0] == pytest.approx(9.0), "nothing is missing before the join"
    assert [frame for _, frame in seen] == numbers_at(film, times, turned=False)
