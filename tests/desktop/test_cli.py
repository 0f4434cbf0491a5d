"""The command line, as a person types it."""

from pathlib import Path

import pytest

from desktop import cli

SCREEN = {"DISPLAY": ":0"}


def test_a_film_on_the_command_line_is_opened_and_does_not_loop() -> None:
    options = cli.parse(["film.mp4"], SCREEN)
    assert options.film == Path("film.mp4")
    assert not options.loop
    assert not options.config.headless


def test_without_a_film_the_sync_check_clip_loops() -> None:
    options = cli.parse([], SCREEN)
    assert options.film.name == "sync-check.mp4"
    assert options.film.is_file()
    assert options.loop


def test_without_a_display_it_hosts_headless_and_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert cli.parse([], {}).config.headless
    assert "without a window" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("platform", "environ", "has_one"),
    [
        ("linux", {}, False),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_where_a_window_can_be_shown(
    platform: str, environ: dict[str, str], *, has_one: bool
) -> None:
    assert cli.has_display(environ, platform) is has_one


def test_every_option_reaches_the_settings(tmp_path: Path) -> None:
    line = (
        "--headless --json --port 9000 --bind 127.0.0.1 --public-url https://films.example.org/ "
        f"--name Ana --pin 012345 --policy host-only --state-dir {tmp_path} --log-level info "
        f"--cache-dir {tmp_path}/made --cache-gb 1.5 --conversions 3 x.mkv"
    )
    options = cli.parse(line.split(), {})
    config = options.config
    assert (config.port, config.bind, config.pin) == (9000, "127.0.0.1", "012345")
    assert config.public_url == "https://films.example.org"
    assert (config.host_name, config.policy, config.state_dir) == ("Ana", "host_only", tmp_path)
    made = (config.cache_dir, config.cache_bytes, config.conversions)
    assert made == (tmp_path / "made", 1_500_000_000, 3)
    assert (options.json, options.log_level, options.film) == (True, "info", Path("x.mkv"))


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("--port 0", "port"),
        ("--port 65536", "port"),
        ("--port http", "port"),
        ("--pin 1234", "six digits"),
        ("--pin ١٢٣٤٥٦", "six digits"),
        ("--public-url films.example.org", "address of a page"),
        ("--public-url https://a/b", "address of a page"),
        ("--public-url https://a/?b", "address of a page"),
        ("--public-url https://a/#b", "address of a page"),
        ("--policy everybody", "invalid choice"),
        ("--cache-gb much", "no size"),
        ("--cache-gb nan", "no size"),
        ("--cache-gb 0.4", "0.5 or more"),
        ("--conversions 0", "from 1 to 16"),
        ("--conversions 17", "from 1 to 16"),
        ("--conversions two", "from 1 to 16"),
        ("--json", "goes with --headless"),
        (f"--name {'x' * 41}", "too long"),
        ("--nonsense", "unrecognized"),
    ],
)
def test_a_wrong_option_says_what_is_wrong(
    line: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.parse(line.split(), SCREEN)
    assert exit_.value.code == 2
    assert complaint in capsys.readouterr().err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.parse(["--version"], SCREEN)
    assert exit_.value.code == 0
    assert capsys.readouterr().out.startswith("matinee ")
