"""A condition's sentences cut into clauses, with how each is joined to what stands before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Join(Enum):
    """`OR` widens the last demand ("a refund or a voucher"), `ELSE` begins anew ("or is rude")."""

    AND = auto()
    OR = auto()
    ELSE = auto()


@dataclass(frozen=True, slots=True)
class Clause:
    text: str
    join: Join
    has_verb: bool
    negated: bool = False


_SENTENCE = re.compile(r"(?<!e\.g)(?<!i\.e)[.;\n]+(?=\s|$)")
_EXAMPLES = re.compile(
    r"\(|\)|[:,]? ?(?<!\w)(?:e\.g\.?|i\.e\.?|for example|for instance|such as|including|like (?=[a-z]+ing)"
    r"|seperti|misalnya|contohnya|por ejemplo)(?!\w)"
)
_JOINT = re.compile(
    r"(?<!\w)(?P<and>and/or)(?!\w)"
    r"|[,;]? ?(?<!\w)(?:(?P<both>and|dan|serta|sekaligus|while|as well as|plus|but|tetapi|tapi|namun"
    r"|sambil|y|pero|who also|sampai)|(?P<either>or|atau|ataupun|maupun|o))(?!\w)"
    r"|(?P<comma>,)|(?P<slash> ?/ ?)|(?P<plus> ?[+&] ?)"
)
_VERB = re.compile(
    r"^(?:(?:the|a|an|when|if|who|that|also|then|even|wants to|is|si|el|la|ketika|jika|saat|juga|yang) )*"
    r"(?:user|users|customer|customers|client|they|he|she|person|someone|pengguna|pelanggan|nasabah|dia|mereka"
    r"|usuario|cliente|is|are|was|has|have|had|wants?|asks?|asking|demands?|demanding|threatens?|threatening"
    r"|says?|mentions?|mentioning|reports?|requests?|requesting|needs?|complains?|complaining|expresses|shows?"
    r"|uses|insists?|refuses?|talks?|speaks?|writes?|tells?|states?|claims?|describes?|cannot|can't|could|does"
    r"|did|will|would|wishes|seeks?|repeats?|insults?|swears?|loses|lost|feels?|sounds?|seems?|keeps?|gets?"
    r"|meminta|minta|ingin|mau|mengancam|marah|menyebut\w*|mengatakan|melaporkan|menuntut|mengeluh|merasa"
    r"|menggunakan|membutuhkan|bertanya|menanyakan|sudah|tidak|belum|pide|quiere|está|menciona|dice|amenaza)(?!\w)"
)
_EXCEPT = re.compile(
    r"^(?:do not|don't|never|not|ignore|except|unless|jangan|kecuali|abaikan)(?!\w)"
    r"(?! (?:satisfied|happy|pleased|helped|answered|solved|resolved))"
)
_ANEW = re.compile(
    r"^(?:and |dan )?(?:they|he|she|the user|the customer|user|customer|mereka|dia|pengguna|pelanggan|it must|must)(?!\w)"
)


def clauses(text: str) -> Iterator[Clause]:
    plain = " ".join(text.lower().replace("’", "'").split())
    for position, sentence in enumerate(_SENTENCE.split(plain)):
        sentence = sentence.strip()
        if not sentence:
            continue
        negated = bool(_EXCEPT.match(sentence))
        continues = bool(_ANEW.match(sentence)) or negated
        start = Join.AND if position and continues else Join.ELSE
        yield from _of_sentence(sentence, start, negated)


def _of_sentence(sentence: str, start: Join, negated: bool) -> Iterator[Clause]:
    join = start
    for position, part in enumerate(_EXAMPLES.split(sentence)):
        # What stands in brackets or after "such as" explains; it demands nothing more.
        join = Join.OR if position else start
        for text, joint in _parts(part):
            if not text:
                continue
            has_verb = bool(_VERB.match(text))
            joined = join if joint is None else joint
            if position and joined is Join.AND:
                joined = Join.OR
            if joined is Join.OR and has_verb and joint is not None and not position:
                joined = Join.ELSE
            yield Clause(text, joined, has_verb, negated)


def _parts(part: str) -> Iterator[tuple[str, Join | None]]:
    """Pieces of text, each with the joint before it; a comma joins as the next word does."""
    joints = list(_JOINT.finditer(part))
    kinds = [_kind(joint) for joint in joints]
    for at in reversed(range(len(kinds))):
        if kinds[at] is None:
            kinds[at] = kinds[at + 1] if at + 1 < len(kinds) else Join.OR
    start, before = 0, None
    for joint, kind in zip(joints, kinds, strict=True):
        yield part[start : joint.start()].strip(" ,"), before
        start, before = joint.end(), kind
    yield part[start:].strip(" ,"), before


def _kind(joint: re.Match[str]) -> Join | None:
    if joint["comma"]:
        return None
    return Join.AND if joint["both"] or joint["plus"] else Join.OR
