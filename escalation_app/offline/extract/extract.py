"""The extract: a summary in the conversation's own words, made without a model.

Every sentence of it stands in the message that it cites, so it is true to the conversation by
construction. It is chosen by what it is worth to a supervisor: the user's wish and its latest
state, what went wrong, figures and identifiers, and the words around which the conversation turns.
"""

from collections.abc import Iterable, Sequence

from escalation_app.domain.detection import Utterance
from escalation_app.domain.summary import SUMMARY_LIMIT, SummarySentence
from escalation_app.offline.extract.sentences import Sentence, sentences
from escalation_app.offline.extract.worth import JUDGED_CHARACTERS, Candidate, candidates
from escalation_app.offline.quoting import CUT, cut

# More than this nobody reads at a glance, though more would fit.
MOST_SENTENCES = 10
# One sentence must not take the place of all others.
LONGEST_SENTENCE = JUDGED_CHARACTERS
# From this share of common words on, a sentence repeats another.
REPEATS = 0.6
# What is worth less than this, and less than this share of the worthiest, only fills space.
LEAST_WORTH, LEAST_SHARE = 2.2, 0.25


def extract(conversation: Sequence[Utterance], limit: int = SUMMARY_LIMIT) -> list[SummarySentence]:
    """The telling sentences in order, at most `limit` characters with a space between them.

    Of a long conversation the first 50 and the last 150 messages are read, of a long message the
    first 2,000 and the last 500 characters. Never empty unless the conversation is.
    """
    if not conversation:
        return []
    chosen = _chosen(candidates(sentences(conversation)), limit)
    if not chosen:
        return [SummarySentence(CUT, (conversation[-1].number,))]
    in_order = sorted(chosen, key=lambda one: one.position)
    return _fitted([one.sentence for one in in_order], limit)


def _chosen(all_of_them: list[Candidate], limit: int) -> list[Candidate]:
    """The worthiest that fit and don't repeat each other."""
    chosen: list[Candidate] = []
    left = limit
    ranked = sorted(all_of_them, key=lambda one: (-one.worth, one.position))
    for one in ranked:
        if chosen and one.worth < max(LEAST_WORTH, LEAST_SHARE * ranked[0].worth):
            break
        length = min(len(one.sentence.text), LONGEST_SENTENCE)
        if chosen and (length > left or _repeats(one, chosen)):
            continue
        chosen.append(one)
        left -= length + 1
        if len(chosen) == MOST_SENTENCES or left <= 0:
            break
    return chosen


def _repeats(one: Candidate, chosen: Iterable[Candidate]) -> bool:
    return any(
        len(one.words & other.words) >= REPEATS * max(min(len(one.words), len(other.words)), 1)
        for other in chosen
    )


def _fitted(chosen: list[Sentence], limit: int) -> list[SummarySentence]:
    most = min(limit, LONGEST_SENTENCE)
    return [SummarySentence(cut(one.text, most), (one.number,)) for one in chosen]
