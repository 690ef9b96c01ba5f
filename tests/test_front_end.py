"""The built front end asks the page where it is."""

import pytest

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
