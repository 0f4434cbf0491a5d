import json
import os
import stat
import sys
from pathlib import Path

import pytest

from server.core.errors import HostError
from server.net.credentials import FILE_NAME, Credentials


def load(folder: Path, pin: str | None = None, now_s: float = 1_000_000.0) -> Credentials:
    return Credentials(folder, pin, lambda: now_s)


def secrets_of(credentials: Credentials) -> tuple[object, ...]:
    return (
        credentials.port,
        credentials.pin,
        credentials.invite_secret,
        credentials.host_secret,
        credentials.signing_key,
    )


def test_the_next_run_has_the_same_port_pin_and_keys(tmp_path: Path) -> None:
    first = load(tmp_path / "new" / "folder")
    first.remember_port(8421)
    again = load(tmp_path / "new" / "folder")
    assert secrets_of(again) == secrets_of(first)
    assert again.port == 8421


def test_two_hosts_share_no_secret(tmp_path: Path) -> None:
    one, other = secrets_of(load(tmp_path / "a")), secrets_of(load(tmp_path / "b"))
    assert all(a != b for a, b in zip(one[2:], other[2:], strict=True))


def test_secrets_are_as_long_as_promised(tmp_path: Path) -> None:
    credentials = load(tmp_path)
    assert len(credentials.pin or "") == 6
    assert len(credentials.invite_secret) >= 22  # 128 bits, six a character
    assert len({credentials.invite_secret, credentials.host_secret, credentials.signing_key}) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="has no modes; the profile folder is private")
def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    load(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_removing_voids_the_token_and_changes_pin_and_invitation(tmp_path: Path) -> None:
    first = load(tmp_path)
    before = secrets_of(first)
    first.revoke("ana")
    after = secrets_of(first)
    assert (after[1] != before[1], after[2] != before[2]) == (True, True)
    assert after[3:] == before[3:]
    again = load(tmp_path)
    assert again.is_revoked("ana")
    assert not again.is_revoked("ben")
    assert secrets_of(again) == after


def test_removals_are_forgotten_when_their_tokens_have_expired(tmp_path: Path) -> None:
    load(tmp_path).revoke("ana")
    assert not load(tmp_path, now_s=1_000_000.0 + 9 * 24 * 3600).is_revoked("ana")


def test_a_pin_can_be_forced_or_switched_off(tmp_path: Path) -> None:
    assert load(tmp_path, pin="000042").pin == "000042"
    off = load(tmp_path, pin="off")
    off.revoke("ana")
    assert off.pin is None
    assert load(tmp_path).pin is not None


@pytest.mark.parametrize("pin", ["", "1", "12345", "1234567", "12345a", "١٢٣٤٥٦", "OFF", "12 456"])
def test_a_pin_that_is_none_is_refused(tmp_path: Path, pin: str) -> None:
    with pytest.raises(HostError, match="6 digits") as refused:
        load(tmp_path, pin=pin)
    assert refused.value.code == "bad_pin"


@pytest.mark.allow_log("can't be read")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe\x00",
        b'{"pin": 123456}',
        b'{"pin": "12x456"}',
        b'{"port": 70000}',
        b'{"invite_secret": "short"}',
        b'{"revoked": ["ana"]}',
    ],
)
def test_a_corrupt_file_is_replaced(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    fresh = load(tmp_path)
    assert "can't be read" in caplog.text
    assert secrets_of(load(tmp_path)) == secrets_of(fresh)
    assert len(caplog.records) == 1


def test_a_file_of_another_version_keeps_what_fits(tmp_path: Path) -> None:
    load(tmp_path)
    stored = json.loads((tmp_path / FILE_NAME).read_bytes())
    (tmp_path / FILE_NAME).write_text(json.dumps({"pin": stored["pin"], "later": {"more": 1}}))
    assert load(tmp_path).pin == stored["pin"]


@pytest.mark.allow_log("can't be")
def test_a_folder_that_can_not_be_written_does_not_stop_the_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    credentials = load(tmp_path / "file" / "state")
    credentials.revoke("ana")
    assert credentials.is_revoked("ana")
    assert credentials.pin is not None
    assert credentials.pin not in caplog.text
    assert "next run will have new ones" in caplog.text


@pytest.mark.allow_log("can't be saved")
def test_a_full_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load(tmp_path)
    old_pin = before.pin

    def no_space(*_names: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", no_space)
    before.revoke("ana")
    assert load(tmp_path).pin == old_pin
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_two_hosts_of_one_folder_both_remove_somebody_for_good(tmp_path: Path) -> None:
    one, other = load(tmp_path), load(tmp_path)
    one.revoke("eve")
    other.revoke("mallory")
    later = load(tmp_path)
    assert later.is_revoked("eve")
    assert later.is_revoked("mallory")
