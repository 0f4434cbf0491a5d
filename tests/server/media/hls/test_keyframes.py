"""Looking for the keyframes of films that can't be read."""

import os
import sys
from pathlib import Path

import pytest

from server.core.errors import MediaError
from server.media.hls.keyframes import find_keyframes


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
async def test_a_disk_that_does_not_answer_ends_the_search(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    os.mkfifo(film)  # whoever opens it waits, as on a mount that stalls
    with pytest.raises(MediaError) as caught:
        await find_keyframes(film, "matroska", 0, lambda _: None, silence_s=0.5)
    assert caught.value.code == "media_stalled"
