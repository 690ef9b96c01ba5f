"""The built front end asks the page where it is."""

from pathlib import Path

import pytest

from escalation_app import front_end
from escalation_app.front_end import PLACEHOLDER, at_the_pages_address


def test_the_addresses_are_those_of_the_page() -> None:
    built = f"var e={{PING:`http://{PLACEHOLDER}/ping`,EVENT:`ws://{PLACEHOLDER}/_event`}};"
    assert at_the_pages_address(built) == (
        "var e={PING:location.origin+`/ping`,"
        "EVENT:location.origin.replace(/^http/,`ws`)+`/_event`};"
    )


@pytest.mark.parametrize(
    "built",
    [
        f"var e={{EVENT:'ws://{PLACEHOLDER}/_event'}};",
        f"var e={{EVENT:`ws://{PLACEHOLDER}/_event`,PING:`https://{PLACEHOLDER}/ping`}};",
        "var e={EVENT:`ws://127.0.0.1:3000/_event`};",
    ],
)
def test_an_address_that_is_written_in_another_way_stops_the_build(built: str) -> None:
    with pytest.raises(RuntimeError, match="not written as they were"):
        at_the_pages_address(built)


def test_what_is_built_of_something_else_is_not_taken_for_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, web = tmp_path / "desk", tmp_path / "web"
    monkeypatch.setattr(front_end, "PROJECT", project)
    monkeypatch.setattr(front_end, "get_web_dir", lambda: web)
    for folder in (web, project / "assets"):
        folder.mkdir(parents=True)
    (project / "assets" / "style.css").write_text("a {}")
    with pytest.raises(SystemExit, match="not built"):
        front_end.must_be_built()
    monkeypatch.setattr(front_end, "_export", lambda: None)
    front_end.build()
    front_end.must_be_built()
    (project / "assets" / "style.css").write_text("b {}")
    with pytest.raises(SystemExit, match="not built"):
        front_end.must_be_built()
