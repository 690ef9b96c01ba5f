"""What a policy allows is what stands in the document, and nothing more."""

from base64 import b64encode
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from escalation_app.api import content_policy, door
from escalation_app.domain.refusals import DeskUnavailable

ORIGIN = "https://desk.example"


def source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def directives(policy: str) -> dict[str, list[str]]:
    pairs = (directive.split(" ") for directive in policy.split("; "))
    return {name: sources for name, *sources in pairs}


def test_a_page_may_run_the_scripts_that_stand_in_it() -> None:
    page = (
        '<head><style data-x="">p{}</style><script src="/a.js"></script></head>'
        "<p>text</p><script>if (1 < 2) a('<p>')\n</script><script type=module>b()</script>"
    )
    told = directives(content_policy.of_pages([page, page], origin=ORIGIN))
    scripts = [source("if (1 < 2) a('<p>')\n"), source("b()")]
    assert told["script-src"] == ["'self'", *scripts]
    assert source("p{}") in told["style-src"]
    assert source("text") not in str(told)
    assert told["connect-src"] == ["'self'", "wss://desk.example"]


def test_text_becomes_code_only_where_that_is_asked_for() -> None:
    strict = directives(content_policy.of_pages([], origin=ORIGIN))
    lenient = directives(content_policy.of_pages([], origin=ORIGIN, may_evaluate=True))
    assert strict["script-src"] == ["'self'"]
    assert strict["trusted-types"] == ["'none'"]
    assert lenient["script-src"] == ["'self'", "'unsafe-eval'"]


@given(st.text(alphabet="abc{}()<'\"&;\n é", max_size=30))
def test_any_script_is_allowed_as_it_stands_and_no_other(script: str) -> None:
    told = directives(content_policy.of_pages([f"<script>{script}</script>"], origin=ORIGIN))
    assert told["script-src"] == ["'self'", *([source(script)] if script else [])]


def test_a_notice_has_its_style_and_loads_nothing() -> None:
    answer = door._away(str(DeskUnavailable()))
    told = directives(answer.headers["content-security-policy"])
    style = bytes(answer.body).decode().partition("<style>")[2].partition("</style>")[0]
    assert "{font:" in style
    assert told.pop("style-src") == [source(style)]
    assert set(map(tuple, told.values())) == {("'none'",)}
    assert b" style=" not in answer.body
