"""Somebody's own words where there is little room: whole sentences, or an ellipsis where they are cut."""

import re
import unicodedata
from collections.abc import Iterator

CUT = "…"
ZERO_WIDTH_JOINER = "\u200d"
# A sentence ends at its full stop and a space, at a full-width one at once, or with its line.
_END = re.compile(r"(?<=[.!?…])[\"'”’)\]*_]{0,3}(?=\s)|[。！？][”’」』）]{0,3}|[\r\n]")
_NO_END = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|no|nr|rp|rs|vs|approx|e\.g|i\.e|etc|inc|ltd|jl|bpk|sdr|[a-z])"
    r"|^\W*\d{1,2})\.$",
    re.IGNORECASE,
)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends, the space around it included."""
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        sentence = text[start:end].strip()
        if _NO_END.search(sentence[-12:]) and end < len(text) and text[end - 1] not in "\r\n":
            continue
        if sentence:
            yield start, end
        start = end


def quote(text: str, start: int, end: int, room: int) -> str:
    """The sentences around a place, verbatim but for white space, in at most `room` characters."""
    around = [span for span in sentence_spans(text) if span[0] < end and start < span[1]]
    first, last = (around[0][0], around[-1][1]) if around else (start, end)
    whole = " ".join(text[first:last].split())
    if len(whole) <= room:
        return whole
    # What comes before may turn the meaning ("you don't seem …"), so what follows is left out first.
    from_here = min(start, max(first, end - room + 2 * len(CUT)))
    if from_here == first:
        return cut(whole, room)
    begins = next((at + 1 for at in range(from_here, start) if text[at].isspace()), start)
    return CUT + cut(" ".join(text[begins:last].split()), room - len(CUT))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending after a word, and never within a written character."""
    if len(text) <= limit:
        return text
    end = max(limit - len(CUT), 0)
    space = text.rfind(" ", end // 2, end + 1)
    if space > 0:
        end = space
    while end > 0 and (_continues(text[end]) or text[end - 1] == ZERO_WIDTH_JOINER):
        end -= 1
    return text[:end].rstrip() + CUT


def _continues(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or character == ZERO_WIDTH_JOINER
