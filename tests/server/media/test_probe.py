"""Real files of many kinds are told apart, and each bad one is named for what it is."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.core.errors import MediaError
from server.media.probe import probe
from tests.media_files import CLIP, MediaFiles


async def test_the_sync_check_clip() -> None:
    facts = await probe(CLIP)
    assert facts.title == "Matinee sync check"
    assert (facts.duration_s, facts.start_s, facts.frame_rate) == (60.0, 0.0, 30.0)
    assert (facts.width, facts.height, facts.rotation) == (640, 360, 0)
    assert (facts.video_codec, facts.audio_codec) == ("h264", "aac")
    assert facts.mime == 'video/mp4; codecs="avc1.64001f, mp4a.40.2"'


@pytest.mark.parametrize(
    ("name", "video", "audio", "mime"),
    [
        ("hevc.mkv", "hevc", "ac3", "video/x-matroska"),
        ("vp9.webm", "vp9", "opus", "video/webm"),
        ("h264.ts", "h264", None, "video/mp2t"),
        ("tone.mp3", None, "mp3", "audio/mpeg"),
        ("tone.flac", None, "flac", "audio/flac"),
    ],
)
async def test_kinds(
    media_files: MediaFiles, name: str, video: str | None, audio: str | None, mime: str
) -> None:
    facts = await probe(media_files.path(name))
    assert (facts.video_codec, facts.audio_codec) == (video, audio)
    assert facts.mime.partition(";")[0] == mime
    assert facts.duration_s == pytest.approx(2.0, abs=0.1)


async def test_the_title_is_the_tag_or_else_the_name(media_files: MediaFiles) -> None:
    assert (await probe(media_files.path("tone.mp3"))).title == "A tone"
    assert (await probe(media_files.path("h264.ts"))).title == "h264"


async def test_a_stream_that_starts_late_says_when(media_files: MediaFiles) -> None:
    assert (await probe(media_files.path("h264.ts"))).start_s > 1.0


async def test_only_a_constant_frame_rate_is_given(media_files: MediaFiles) -> None:
    steady = await probe(media_files.path("film-rate.mkv"))
    assert steady.frame_rate == pytest.approx(24000 / 1001, rel=1e-6)
    assert (await probe(media_files.path("uneven.mp4"))).frame_rate is None


async def test_frames_that_are_decoded_in_another_order_are_told(media_files: MediaFiles) -> None:
    reordered = (await probe(media_files.path("uneven.mp4"))).video
    straight = (await probe(media_files.path("vp9.webm"))).video
    assert reordered is not None
    assert straight is not None
    assert (reordered.reordered, straight.reordered) == (True, False)


async def test_the_size_is_the_picture_as_shown(media_files: MediaFiles) -> None:
    turned = await probe(media_files.turned_mp4())
    assert (turned.width, turned.height, turned.rotation) == (360, 640, 90)
    wide = await probe(media_files.path("wide-pixels.mp4"))
    assert (wide.width, wide.height) == (640, 360)


async def test_the_cover_of_a_record_is_no_film(media_files: MediaFiles) -> None:
    facts = await probe(media_files.covered_mp3())
    assert (facts.video_codec, facts.audio_codec, facts.width) == (None, "mp3", 0)


async def test_a_recording_that_does_not_say_how_long_it_is(media_files: MediaFiles) -> None:
    facts = await probe(media_files.streamed_webm())
    assert facts.duration_s == pytest.approx(2.0, abs=0.1)


async def failure_of(path: Path, timeout_s: float = 10.0) -> str:
    with pytest.raises(MediaError) as caught:
        await probe(path, timeout_s)
    assert path.name.replace("\0", "\N{REPLACEMENT CHARACTER}") in caught.value.message
    return caught.value.code


async def test_what_is_not_there(tmp_path: Path) -> None:
    assert await failure_of(tmp_path / "none.mp4") == "file_missing"
    (tmp_path / "dangling.mp4").symlink_to(tmp_path / "none.mp4")
    assert await failure_of(tmp_path / "dangling.mp4") == "file_missing"
    assert await failure_of(Path("nul\0.mp4")) == "file_missing"


async def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9 \xe2\x80\xae film.mp4")
    odd.touch()
    with pytest.raises(MediaError, match="“caf\N{REPLACEMENT CHARACTER} ") as caught:
        await probe(odd)
    assert caught.value.code == "file_empty"
    assert caught.value.message.encode()
    odd.write_bytes(CLIP.read_bytes())
    assert (await probe(odd)).duration_s == 60.0


async def test_a_folder(tmp_path: Path) -> None:
    assert await failure_of(tmp_path) == "file_is_folder"


async def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert await failure_of(tmp_path / "empty.mp4") == "file_empty"


async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert await failure_of(tmp_path / "pipe.mp4") == "not_a_file"


async def test_text_that_calls_itself_a_film(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    film.write_text("not a film\n" * 500)
    assert await failure_of(film) == "not_media"


async def test_subtitles_are_no_film(tmp_path: Path) -> None:
    subtitles = tmp_path / "film.srt"
    subtitles.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n\n" * 20)
    assert await failure_of(subtitles) == "not_media"


@pytest.mark.parametrize("name", ["picture.png", "moving.gif", "moving.apng"])
async def test_a_picture_is_called_one_and_not_damaged(media_files: MediaFiles, name: str) -> None:
    with pytest.raises(MediaError, match=f"“{name}” is a picture") as refused:
        await probe(media_files.path(name))
    assert "damaged" not in refused.value.message


async def test_a_playlist_opens_no_other_file(media_files: MediaFiles, tmp_path: Path) -> None:
    inside = media_files.path("h264.ts")
    playlist = tmp_path / "film.m3u8"
    head = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n"
    playlist.write_text(f"{head}file://{inside}\n#EXT-X-ENDLIST\n")
    assert await failure_of(playlist) == "not_media"
    concat = tmp_path / "film.ffconcat"
    concat.write_text(f"ffconcat version 1.0\nfile '{inside}'\n")
    assert await failure_of(concat) == "not_media"


async def test_half_a_download(media_files: MediaFiles) -> None:
    assert await failure_of(media_files.truncated_mp4()) == "not_media"


async def test_random_bytes(tmp_path: Path) -> None:
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(b"\0\0\0\x20ftypisom" + os.urandom(100_000))
    assert await failure_of(noise) == "not_media"


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(CLIP.read_bytes()[:1000])
    film.chmod(0)
    # Root reads everything, unless it gives that right away.
    rights = "-dac_override,-dac_read_search"
    as_anyone = ["setpriv", f"--bounding-set={rights}"] if os.geteuid() == 0 else []
    asked = subprocess.run(
        [*as_anyone, sys.executable, "-m", "server.media.probe_process", str(film)],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[3],
    )
    assert asked.stdout == b'{"failure":"file_unreadable"}'


async def test_a_probe_that_takes_too_long_is_ended() -> None:
    assert await failure_of(CLIP, timeout_s=0.001) == "probe_timeout"


async def test_a_cancelled_probe_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: asyncio.Future[asyncio.subprocess.Process] = asyncio.Future()
    start = asyncio.create_subprocess_exec

    async def noted(*command: str, **options: object) -> asyncio.subprocess.Process:
        started.set_result(await start(*command, **options))  # type: ignore[arg-type]
        return started.result()

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    task = asyncio.create_task(probe(CLIP))
    process = await started
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert process.returncode is not None


async def test_a_film_beside_a_module_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "av.py").write_text("raise SystemExit('imported from a folder of films')")
    monkeypatch.chdir(tmp_path)
    assert (await probe(CLIP)).duration_s == 60.0


async def test_a_film_cut_within_a_group_of_pictures_says_so(tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    ffmpeg = ("ffmpeg", "-v", "error", "-ss", "1.5", "-t", "1", "-i", str(CLIP), "-c", "copy")
    await asyncio.to_thread(subprocess.run, [*ffmpeg, str(cut)], check=True)
    hidden = [(await probe(path)).video for path in (cut, CLIP)]
    assert [video and video.hidden_start for video in hidden] == [True, False]
