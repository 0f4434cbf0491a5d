"""What the room hears of a preparation: how far it is, how long it takes, how it ended."""

import pytest

from server.core.errors import MediaError
from server.core.messages import Preparation
from server.media.hls.notices import Notices


@pytest.fixture
def told() -> list[Preparation]:
    return []


@pytest.fixture
def notices(told: list[Preparation]) -> Notices:
    return Notices("film", told.append, lambda _: None)


def test_a_conversion_is_told_with_its_share_and_the_time_left(
    notices: Notices, told: list[Preparation]
) -> None:
    notices.working("picture", 0.25, 6.0)
    notices.working("picture", 0.5, 4.0)
    notices.done("picture")
    assert [(t.state, t.progress, t.left_s) for t in told] == [
        ("running", 0.25, 6.0),
        ("running", 0.5, 4.0),
        ("done", 1.0, None),
    ]


def test_progress_does_not_go_back_while_somebody_waits(
    notices: Notices, told: list[Preparation]
) -> None:
    notices.working("picture", 0.5, 4.0)
    notices.working("picture", 0.4, 5.0)
    assert [t.progress for t in told] == [0.5, 0.5]


def test_of_several_the_one_that_is_least_far_is_told(
    notices: Notices, told: list[Preparation]
) -> None:
    notices.working("sound", 0.9, 0.5)
    notices.working("picture", 0.1, 9.0)
    assert told[-1].progress == 0.1
    notices.done("picture")
    assert (told[-1].state, told[-1].progress) == ("running", 0.9)


def test_where_nothing_is_converted_that_is_said(notices: Notices, told: list[Preparation]) -> None:
    notices.working("sound", 0.1, 0.5, repacks=True)
    notices.working("picture", 0.2, 9.0)
    notices.done("picture")
    assert [t.repacks for t in told] == [True, False, True]
    notices.done("sound")
    notices.queued("picture", 1)
    assert told[-1].repacks is False


def test_who_waits_in_the_queue_hears_their_place_once(
    notices: Notices, told: list[Preparation]
) -> None:
    notices.queued("picture", 2)
    notices.queued("picture", 2)
    notices.queued("picture", 1)
    assert [(t.state, t.place) for t in told] == [("queued", 2), ("queued", 1)]


def test_what_fails_for_one_reason_is_told_once_a_while_and_ends_what_was_said(
    notices: Notices, told: list[Preparation], monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now_s)
    full, gone = MediaError("cache_full", "No room."), MediaError("ffmpeg_missing", "No FFmpeg.")
    for rendition, error in (("picture", full), ("sound", full), ("sound", gone)):
        notices.failed(rendition, error)
    notices.working("picture", 0.5, 4.0)
    notices.failed("picture", gone)
    notices.failed("sound", gone)
    now_s += 10.0
    notices.failed("picture", gone)
    said = ["No room.", "No FFmpeg.", "", "No FFmpeg.", "No FFmpeg."]
    assert [t.message for t in told] == said


def test_what_stands_is_told_once_to_those_who_come_and_are_not_told_otherwise(
    notices: Notices,
) -> None:
    full, damaged = (
        MediaError("cache_full", "No room."),
        MediaError("conversion_failed", "Damaged."),
    )

    wanted = {"v-copy", "a0-copy", "v-640x360", "a0-aac"}

    def stands(*, host: bool = True) -> list[str]:
        return [told.message for told in notices.standing("host" if host else "guest", wanted)]

    for rendition in wanted:
        notices.failed(rendition, full)
    assert (stands(), stands(host=False)) == (["No room."], [])
    notices.got_on("v-copy")
    assert stands() == []
    notices.failed("v-copy", damaged)
    notices.got_on("a0-copy")
    notices.got_on("v-640x360")
    assert stands() == ["Damaged."], "others have another picture, but who asks for this has none"
    wanted.remove("v-copy")
    assert stands() == [], "who asked for it has another, too"
    notices.failed("v-640x360", full)
    notices.cancelled("v-640x360")
    assert stands() == []
    notices.lacks("v-640x360", MediaError("film_incomplete", "It has no end."))
    notices.lacks("silence", MediaError("sound_silent", "No sound."))
    notices.got_on("v-640x360")
    assert stands() == stands(host=False) == ["It has no end.", "No sound."]
    notices.grew()
    assert stands(host=False) == ["No sound."]


def test_who_waits_is_told_by_name_and_place_with_what_is_made(
    notices: Notices, told: list[Preparation]
) -> None:
    notices.working("large", 0.5, 4.0)
    notices.queued("small", 1)
    notices.queued("smaller", 2)
    notices.done("large")
    queues = [(t.state, t.place, [(w.rendition, w.place) for w in t.waiting]) for t in told]
    assert queues == [
        ("running", 0, []),
        ("running", 0, [("small", 1)]),
        ("running", 0, [("small", 1), ("smaller", 2)]),
        ("queued", 1, [("small", 1), ("smaller", 2)]),
    ]


def test_a_search_that_the_host_cancels_is_not_called_done(
    notices: Notices, told: list[Preparation]
) -> None:
    notices.scanned(0.3)
    notices.scan_ended("cancelled")
    assert [t.state for t in told] == ["running", "cancelled"]


def test_a_search_that_fails_says_why_though_nobody_had_heard_of_it(
    notices: Notices, told: list[Preparation]
) -> None:
    notices.scan_ended("failed", MediaError("scan_failed", "Its disk is gone."))
    assert [(t.what, t.state, t.message) for t in told] == [("scan", "failed", "Its disk is gone.")]


def test_an_index_that_is_there_at_once_is_nobodys_news(
    notices: Notices, told: list[Preparation]
) -> None:
    notices.scan_ended("done")
    assert told == []


def test_the_time_that_a_search_takes_is_told_once_it_can_be_known(
    notices: Notices, told: list[Preparation], monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now_s)
    notices.scanned(0.2)
    now_s += 4.0
    notices.scanned(0.4)
    assert [t.left_s for t in told] == [None, pytest.approx(12.0)]
