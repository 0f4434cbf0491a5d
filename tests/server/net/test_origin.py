import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import HostError
from server.net.origin import OwnNames

NAMES = OwnNames("https://films.example:8443/path", "Laptop.lan")


@pytest.mark.parametrize(
    "host",
    [
        "192.168.1.5:8420", "10.0.0.1", "[fd00::5]:8420", "[::1]", "localhost:8420", "LOCALHOST",
        "laptop.lan", "laptop", "Laptop.local:8420", "laptop.local.", "films.example:8443",
    ],
)  # fmt: skip
def test_our_own_hosts(host: str) -> None:
    assert NAMES.accepts_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "", ":", "evil.example", "films.example.evil", "xlaptop", "laptop.lan.evil", "1.2.3",
        "1.2.3.4.evil", "[::1", "[zz]", "fd00::5", "localhost:", "localhost:x", "a@localhost",
        "localhost/", "localhost, evil", "loc\u0430lhost", " localhost", "localhost:8420\r\nx: y",
        "1.2.3.4;script-src *",
    ],
)  # fmt: skip
def test_everybody_elses_hosts(host: str) -> None:
    assert not NAMES.accepts_host(host)


@given(st.text(max_size=40))
def test_what_is_accepted_is_safe_to_repeat_in_a_header(host: str) -> None:
    if NAMES.accepts_host(host):
        assert not set(host) & set(" ;,'\"\r\n\t/\\*")


def test_an_origin_is_ours_when_scheme_host_and_port_are() -> None:
    def ours(origin: str) -> bool:
        return NAMES.accepts_origin(origin, host="192.168.1.5:8420", scheme="http")

    assert ours("http://192.168.1.5:8420")
    assert ours("https://films.example:8443")
    for foreign in (
        "https://192.168.1.5:8420",
        "http://192.168.1.5",
        "http://192.168.1.5:8421",
        "http://192.168.1.6:8420",
        "https://films.example",
        "http://192.168.1.5:8420/",
        "http://192.168.1.5:8420.evil.example",
        "null",
        "",
    ):
        assert not ours(foreign)


def test_a_public_address_may_spell_its_port_out() -> None:
    names = OwnNames("https://Films.example:443/", "laptop")
    assert names.accepts_origin("https://films.example", host="localhost:8420", scheme="http")
    assert names.accepts_host("films.example")


@pytest.mark.parametrize(
    "url",
    ["films.example", "ftp://films.example", "https://", "", "http:", "http://a:x", "http://[::1"],
)
def test_a_public_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(HostError, match="must look like"):
        OwnNames(url, "laptop")
