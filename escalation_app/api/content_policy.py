"""What a browser may load and run of an answer, as its `Content-Security-Policy`.

Scripts and styles that stand in a document are named by their hashes, so nothing that somebody
brings into it runs.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser

HEADER = "Content-Security-Policy"
_NOTHING: dict[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": ("'none'",),
    "frame-ancestors": ("'none'",),
}


def _written(policy: Mapping[str, Iterable[str]]) -> str:
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())


# For what is no document: data, redirects, files.
NOTHING = _written(_NOTHING)
# What the libraries of the pages put into style elements while they run: the style sheet of the
# toasts, and nothing, into an element that is filled through its object model.
STYLES_OF_LIBRARIES = (
    "'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='",
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """What a policy says of text that is to become code."""

    sources: tuple[str, ...]
    directives: dict[str, tuple[str, ...]]


NO_EVALUATION = _Evaluation(
    (), {"require-trusted-types-for": ("'script'",), "trusted-types": ("'none'",)}
)
EVALUATION = _Evaluation(("'unsafe-eval'",), {})


def of_pages(documents: Iterable[str], *, origin: str, may_evaluate: bool = False) -> str:
    """The policy of our pages, which talk to the desk's socket at `origin`."""
    inline = _Inline.of(documents)
    evaluation = EVALUATION if may_evaluate else NO_EVALUATION
    return _written(
        _NOTHING
        | {
            "script-src": ("'self'", *evaluation.sources, *inline.hashes("script")),
            "style-src": ("'self'", *STYLES_OF_LIBRARIES, *inline.hashes("style")),
            "img-src": ("'self'",),
            "media-src": ("'self'",),
            "font-src": ("'self'",),
            # Not every browser takes the socket for 'self'.
            "connect-src": ("'self'", origin.replace("http", "ws", 1)),
            "form-action": ("'self'",),
        }
        | evaluation.directives
    )


def of_api_documentation(document: str) -> str:
    """The policy of the one document whose script is another's, with requests to try."""
    inline = _Inline.of([document])
    return _written(
        _NOTHING
        | {
            "script-src": ("'self'", *inline.hashes("script")),
            "style-src": ("'self'",),
            "img-src": ("'self'", "data:"),
            "connect-src": ("'self'",),
        }
    )


def of_notice(document: str) -> str:
    """The policy of a sentence in a little style, which loads and sends nothing."""
    return _written(_NOTHING | {"style-src": tuple(_Inline.of([document]).hashes("style"))})


class _Inline(HTMLParser):
    """The scripts and styles that stand in documents themselves."""

    def __init__(self) -> None:
        super().__init__()
        self._inside = ""
        self._found: dict[str, dict[str, None]] = {"script": {}, "style": {}}

    @classmethod
    def of(cls, documents: Iterable[str]) -> "_Inline":
        inline = cls()
        for document in documents:
            inline.feed(document)
            inline.reset()
        return inline

    def hashes(self, tag: str) -> list[str]:
        """As sources of a policy, each once."""
        digests = (sha256(text.encode()).digest() for text in self._found[tag])
        return [f"'sha256-{b64encode(digest).decode()}'" for digest in digests]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in self._found:
            self._found[self._inside][data] = None
