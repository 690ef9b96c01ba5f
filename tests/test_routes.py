import pytest

from escalation_app import routes


@pytest.mark.parametrize(
    "path", ["/queue/published?urgency=high&case=3", "/queue/preview/", "/settings"]
)
def test_own_paths_are_followed(path: str) -> None:
    assert routes.own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/queue/published",
        "https://evil.example",
        "/\\evil.example",
        "",
        "queue",
        "/elsewhere",
        "/queue/published\r\nSet-Cookie: x",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_sent_elsewhere(path: str) -> None:
    assert routes.own_path(path) is None
