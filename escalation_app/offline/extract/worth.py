"""What a sentence of a conversation is worth to a supervisor who knows nothing of it yet."""

import re
from collections import Counter
from dataclasses import dataclass

from escalation_app.domain.grounding.facts import facts
from escalation_app.domain.vocabulary import Speaker
from escalation_app.offline.extract.sentences import Sentence
from escalation_app.offline.extract.wording import (
    CLOSING,
    CLOSING_LENGTH,
    COMMON,
    FRAGMENT,
    HAN_CLOSING_LENGTH,
    HAN_SMALL_TALK,
    NEGATION,
    OUTCOME,
    ROUTINE,
    SMALL_TALK,
    TROUBLE,
    WISH,
)

# What a sentence is judged by; the rest of a longer one would not be shown either.
JUDGED_CHARACTERS = 320

_WORD = re.compile(
    r"[^\W_\u0E00-\u0E7F\u3040-\u9FFF]+(?:[-_][^\W_]+)*|[\u0E00-\u0E7F\u3040-\u9FFF]+"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that could stand in the summary; `words` are what it is about."""

    position: int
    sentence: Sentence
    words: frozenset[str]
    worth: float


def candidates(read: list[Sentence]) -> list[Candidate]:
    """All but small talk, with their worth; small talk where there is nothing else."""
    telling = [one for one in read if not _is_small_talk(one.text)] or read
    words = [_words(one.text) for one in telling]
    weights = Counter(word for some in words for word in some)
    last_wish = _last(telling, Speaker.USER)
    last_answer = _last(telling, Speaker.AGENT)
    first_wish = _first_wish(telling)
    found = []
    for position, (sentence, some) in enumerate(zip(telling, words, strict=True)):
        worth = _worth(sentence) + _centrality(some, weights)
        worth += 3.0 * (position == first_wish) + 2.5 * (position == last_wish)
        worth += 1.5 * (position == last_answer)
        found.append(Candidate(position, sentence, some, worth))
    return found


def _is_small_talk(text: str) -> bool:
    if HAN_SMALL_TALK.fullmatch(text):
        return True
    if any(map(str.isdigit, text)) or TROUBLE.search(text):
        return False
    short = CLOSING_LENGTH if text.isascii() else HAN_CLOSING_LENGTH
    if len(text) <= short and CLOSING.search(text) and not text.endswith(("?", "？")):
        return not WISH.search(text)
    return _words(text) <= SMALL_TALK


def _words(text: str) -> frozenset[str]:
    """What a sentence is about: its words without the common ones, or pairs of characters."""
    found: set[str] = set()
    for word in _WORD.findall(text[:JUDGED_CHARACTERS].casefold()):
        if word[0] >= "\u0e00" and len(word) > 1:
            found.update(word[at : at + 2] for at in range(len(word) - 1))
        elif word not in COMMON and (len(word) > 1 or not word.isalpha()):
            found.add(word)
    return frozenset(found)


def _first_wish(telling: list[Sentence]) -> int | None:
    """Where the user says what it is about: the first wish, trouble or question near the beginning."""
    mine = [at for at, one in enumerate(telling) if one.speaker is Speaker.USER][:4]
    stated = (at for at in mine if _states(telling[at].text))
    return next(stated, mine[0] if mine else None)


def _states(text: str) -> bool:
    return bool(WISH.search(text) or TROUBLE.search(text) or text.endswith(("?", "？")))


def _last(telling: list[Sentence], speaker: Speaker) -> int | None:
    mine = [at for at, one in enumerate(telling) if one.speaker is speaker]
    substantial = [at for at in mine if len(_words(telling[at].text) - SMALL_TALK) >= 2]
    return max(substantial or mine, default=None)


def _worth(sentence: Sentence) -> float:
    text, by_user = sentence.text[:JUDGED_CHARACTERS], sentence.speaker is Speaker.USER
    worth = 1.0 * by_user + 0.5 * abs(2 * sentence.place - 1)
    worth += (1.2 if by_user else 0.3) * bool(WISH.search(text))
    worth += (1.2 if by_user else 2.0) * bool(TROUBLE.search(text))
    worth += 0.4 * bool(NEGATION.search(text))
    worth += 1.0 * (not by_user and bool(OUTCOME.search(text)))
    worth += min((0.9 if by_user else 0.5) * sum(1 for fact in facts(text) if fact.readings), 1.8)
    worth -= 1.5 * (not by_user and bool(ROUTINE.search(text)))
    worth -= 0.7 * (not by_user and text.endswith(("?", "？")))
    worth -= 1.5 * bool(FRAGMENT.search(text))
    return worth


def _centrality(words: frozenset[str], weights: Counter[str]) -> float:
    """How much of what others say comes up here, between 0 and 2; few words say little."""
    shared = sum(min(weights[word] - 1, 4) for word in words)
    return min(shared / (4 + len(words)), 1.0) + min(len(words), 6) / 6
