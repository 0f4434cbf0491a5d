"""What the window is given by the whole server, and told of films: subtitles, pictures, pieces."""

import queue
import subprocess
from pathlib import Path

from server.core.cues import Batch, Cue, Picture
from server.host import Host
from tests.media_files import CLIP, MediaFiles, media_files, show_in_pieces
from tests.server.hosts import StartHost, start_host
from tests.server.media.subtitles import films

__all__ = ["media_files", "start_host"]

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


def found(host: Host, item_id: str, track_id: str) -> tuple[list[Cue | Picture], str]:
    """All that is found of a track, and why that is not all of it; once nothing more comes."""
    batches: queue.SimpleQueue[Batch] = queue.SimpleQueue()
    end = host.follow_subtitles(item_id, track_id, batches.put)
    items: list[Cue | Picture] = []
    batch = Batch()
    while not batch.done:
        batch = batches.get(timeout=20)
        items += batch.items
    end()
    return sorted(items, key=lambda item: item.start_s), batch.error


def test_subtitles_come_as_text_and_as_pictures(start_host: StartHost, tmp_path: Path) -> None:
    host, _ = start_host()
    item = host.open(films.matroska(tmp_path)).result(20)
    kinds = {track.id: track.kind for track in item.subtitle_tracks}
    assert (kinds["0"], kinds["3"]) == ("text", "picture")

    cues, error = found(host, item.id, "0")
    assert not error
    assert [(cue.start_s, cue.text) for cue in cues if isinstance(cue, Cue)] == [
        (1.0, "Hello there"),
        (4.0, "<script>alert(1)</script>"),
    ]
    pictures, error = found(host, item.id, "3")
    assert not error
    numbers = [picture.n for picture in pictures if isinstance(picture, Picture)]
    assert len(numbers) == len(pictures) > 0
    for number in numbers:
        assert host.subtitle_picture(item.id, "3", number).result(20).startswith(PNG)
    assert host.subtitle_picture(item.id, "3", 999).result(20) == b""
    assert found(host, item.id, "none")[1], "why, for a person"
    assert found(host, "nothing", "0")[1]


def test_small_pictures_of_a_film_and_the_cover_of_a_record(
    start_host: StartHost, media_files: MediaFiles
) -> None:
    host, _ = start_host()
    film = host.open(media_files.path("short.mp4")).result(20)
    assert host.thumbnail(film.id, 1.0).result(20).startswith(JPEG)
    assert host.cover(film.id).result(20) == b""
    record = host.open(media_files.covered_mp3()).result(20)
    assert record.cover
    assert host.cover(record.id).result(20).startswith((PNG, JPEG))
    assert host.thumbnail("nothing", 1.0).result(20) == b""
    host.stop()
    assert host.thumbnail(film.id, 1.0).result(20) == b""
    assert host.cover(record.id).result(20) == b""


def test_the_host_knows_which_films_are_put_together_from_pieces(
    start_host: StartHost, tmp_path: Path
) -> None:
    host, _ = start_host()
    pieces = tmp_path / "pieces.mp4"
    copy = ("ffmpeg", "-v", "error", "-t", "4", "-i", str(CLIP), "-c", "copy", str(pieces))
    subprocess.run(copy, check=True, capture_output=True)
    show_in_pieces(pieces, ((0, 1.5), (2.5, 4.0)))
    films = [host.open(film).result(10).id for film in (pieces, CLIP)]
    assert [host.is_joined(film) for film in (*films, "nothing")] == [True, False, False]
    host.stop()
    assert not host.is_joined(films[0])
