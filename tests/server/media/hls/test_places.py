"""Who may convert, and who is how far back in the queue."""

from server.media.hls.places import Places


def changed() -> None:
    """Nobody looks."""


def test_who_came_first_has_the_place_and_the_others_move_up() -> None:
    places, a, b, c = Places(1), object(), object(), object()
    assert places.ask(a, changed)
    assert not places.ask(b, changed)
    assert not places.ask(c, changed)
    assert [places.number(who) for who in (a, b, c)] == [0, 1, 2]
    places.give_up(a)
    assert places.has(b)
    assert places.number(c) == 1


def test_who_has_let_go_waits_for_nothing() -> None:
    """A rendition lets go once its last segment is written; its guests take that a moment later."""
    places, who = Places(1), object()
    places.ask(who, changed)
    places.give_up(who)
    assert not places.has(who)
    assert places.number(who) == 0
