"""So many bytes are kept in memory, of what was used last."""

from server.media.hls.recent import Recent


def test_the_least_recently_used_goes_first() -> None:
    recent = Recent(30)
    for key in "abc":
        recent.keep(key, [bytes(4), bytes(6)])
    recent.get("a")
    recent.keep("d", [bytes(10)])
    assert [key for key in "abcd" if recent.get(key)] == ["a", "c", "d"]


def test_what_is_kept_again_counts_once() -> None:
    recent = Recent(30)
    recent.keep("a", [bytes(10)])
    for size in (20, 15, 20):
        recent.keep("b", [bytes(size)])
    assert recent.get("a")
    recent.keep("b", [bytes(21)])
    assert not recent.get("a")


def test_what_is_larger_than_all_room_is_not_kept() -> None:
    recent = Recent(30)
    recent.keep("a", [bytes(31)])
    assert recent.get("a") is None
    recent.keep("b", [bytes(30)])
    assert recent.get("b")


def test_what_is_forgotten_leaves_its_room_to_others() -> None:
    recent = Recent(30)
    recent.keep("a", [bytes(30)])
    recent.forget("a")
    recent.forget("a")
    recent.keep("b", [bytes(30)])
    assert recent.get("b")
    recent.clear()
    assert recent.get("b") is None
