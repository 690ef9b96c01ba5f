"""The desk's public address is an origin, as browsers write it, or the desk does not start."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.origins import origin_of, stays_on_the_machine
from escalation_app.settings import Settings, settings

HOST = "desk.example.com"
NAME = "ESCALATION_PUBLIC_URL"


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://desk.example.com", "https://desk.example.com"),
        ("HTTPS://Desk.Example.com/", "https://desk.example.com"),
        ("https://desk.example.com:443", "https://desk.example.com"),
        ("http://desk.example.com:80/", "http://desk.example.com"),
        ("https://desk.example.com:8443", "https://desk.example.com:8443"),
        (" https://desk.example.com ", "https://desk.example.com"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("https://[2001:DB8:0::1]:3000", "https://[2001:db8::1]:3000"),
        ("https://köln.example", "https://xn--kln-sna.example"),
    ],
)
def test_it_is_taken_as_browsers_write_it(
    monkeypatch: pytest.MonkeyPatch, written: str, origin: str
) -> None:
    monkeypatch.setenv(NAME, written)
    assert Settings().public_url == origin
    assert Settings().is_https == origin.startswith("https://")
    assert Settings().cookie_name.startswith("__Host-") == origin.startswith("https://")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (HOST, f"“{HOST}” is not an address such as https://desk.example.com"),
        (f"{HOST}:443", f"“{HOST}:443” is not an address such as"),
        (f"ftp://{HOST}", f"“ftp://{HOST}” is not an address such as"),
        ("https://", "“https://” is not an address such as"),
        (f"https://{HOST}:port", f"“https://{HOST}:port” is not an address such as"),
        (f"https://{HOST}/desk", f"“https://{HOST}/desk” is more than a host"),
        (f"https://{HOST}?", f"“https://{HOST}?” is more than a host"),
        (f"https://{HOST}#top", f"“https://{HOST}#top” is more than a host"),
    ],
)
def test_what_is_none_stops_the_start_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, written: str, sentence: str
) -> None:
    monkeypatch.setenv(NAME, written)
    said = why_the_desk_does_not_start()
    assert said.startswith(f"The desk can't start: {NAME}: ")
    assert sentence in said


def test_a_password_in_it_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    for user, host in (("maria:hunter2", HOST), ("hunter2", HOST), ("maria:hunter2", "")):
        written = f"https://{user}@{host}"
        monkeypatch.setenv(NAME, written)
        said = why_the_desk_does_not_start()
        assert "no name and no password" in said
        assert "hunter2" not in said


def test_without_one_it_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "3004")
    monkeypatch.setenv(NAME, " ")
    assert Settings().public_url == "http://127.0.0.1:3004"


@given(
    scheme=st.sampled_from(["http", "https", "HTTPS", "Http"]),
    host=st.from_regex(r"[A-Za-z]([A-Za-z0-9]{0,20})(\.[A-Za-z]{2,10}){0,2}", fullmatch=True),
    port=st.none() | st.integers(1, 65_535),
    end=st.sampled_from(["", "/"]),
)
def test_an_origin_is_its_own_origin(scheme: str, host: str, port: int | None, end: str) -> None:
    usual = {"http": 80, "https": 443}[scheme.lower()]
    shown = "" if port in (None, usual) else f":{port}"
    origin = origin_of(f"{scheme}://{host}{'' if port is None else f':{port}'}{end}")
    assert origin == f"{scheme}://{host}".lower() + shown
    assert origin_of(origin) == origin


@pytest.mark.parametrize(
    ("origin", "stays"),
    [
        ("http://127.0.0.1:3000", True),
        ("http://[::1]:3000", True),
        ("http://localhost", True),
        ("http://desk.localhost:3000", True),
        ("http://10.0.0.7", False),
        ("http://localhost.example.com", False),
    ],
)
def test_what_stays_on_the_machine(origin: str, stays: bool) -> None:
    assert stays_on_the_machine(origin) is stays


def why_the_desk_does_not_start() -> str:
    settings.cache_clear()
    with pytest.raises(SystemExit) as caught:
        settings()
    return str(caught.value)
