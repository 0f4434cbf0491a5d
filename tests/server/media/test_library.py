"""Opened files get names that nobody can guess and that end with their time."""

from pathlib import Path

import pytest

from server.core.errors import UnknownItem
from server.media.facts import MediaFacts
from server.media.library import Library

FACTS = MediaFacts(
    title="A film",
    duration_s=60.0,
    frame_rate=30.0,
    width=640,
    height=360,
    container="mov,mp4,m4a,3gp,3g2,mj2",
    mime='video/mp4; codecs="avc1.64001f"',
    video_codec="h264",
)


def test_an_item_says_what_the_file_is_and_not_where() -> None:
    path = Path("/films/secret-folder/a.mp4")
    item = Library().add(path, FACTS, loop=True)
    assert (item.title, item.duration_s, item.frame_rate) == ("A film", 60.0, 30.0)
    assert (item.width, item.height, item.mime, item.loop) == (640, 360, FACTS.mime, True)
    assert "secret-folder" not in repr(item)


def test_an_item_leads_to_its_file() -> None:
    library = Library()
    item = library.add(Path("a.mp4"), FACTS)
    assert library.resolve(item.id) == Path("a.mp4").absolute()


def test_the_same_file_gets_another_name_each_time() -> None:
    library = Library()
    assert library.add(Path("a.mp4"), FACTS).id != library.add(Path("a.mp4"), FACTS).id


def test_only_the_newest_items_stay() -> None:
    library = Library(keep=2)
    first, second, third = (library.add(Path(f"{n}.mp4"), FACTS) for n in range(3))
    with pytest.raises(UnknownItem) as caught:
        library.resolve(first.id)
    assert caught.value.code == "unknown_item"
    assert library.resolve(second.id).name == "1.mp4"
    assert library.resolve(third.id).name == "2.mp4"


@pytest.mark.parametrize("name", ["", "..", "/etc/hostname", "a.mp4", "%2e%2e", "\0", "x" * 10_000])
def test_a_path_names_nothing(name: str) -> None:
    library = Library()
    library.add(Path("a.mp4"), FACTS)
    with pytest.raises(UnknownItem):
        library.resolve(name)
