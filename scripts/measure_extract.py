"""ROUGE of the extract against hand-over notes, beside plain baselines.

Usage: python scripts/measure_extract.py conversations.jsonl.gz
Needs the library rouge-score, which the desk itself does not. The references are the hand-over
notes (`labels.escalation_summary`) that an AI agent wrote itself; they are short, so recall says
what is covered and precision mostly how long a text is. Baselines of equal length are beside it.
"""

import gzip
import json
import sys
from collections.abc import Callable
from statistics import mean

from rouge_score.rouge_scorer import RougeScorer

from escalation_app.domain.detection import Utterance
from escalation_app.domain.summary import SUMMARY_LIMIT
from escalation_app.domain.vocabulary import Speaker
from escalation_app.offline.extract import extract
from escalation_app.offline.extract.sentences import sentences

KINDS = ("rouge1", "rouge2", "rougeL")
Summarizer = Callable[[list[Utterance]], str]


def all_sentences(conversation: list[Utterance]) -> list[str]:
    return [one.text for one in sentences(conversation)]


def extracted(conversation: list[Utterance]) -> str:
    return " ".join(one.text for one in extract(conversation))


def same_length(conversation: list[Utterance]) -> int:
    return len(extracted(conversation))


SUMMARIZERS: dict[str, Summarizer] = {
    "extract": extracted,
    "first 3 sentences": lambda talk: " ".join(all_sentences(talk)[:3]),
    "last 3 sentences": lambda talk: " ".join(all_sentences(talk)[-3:]),
    "first 3 of the user": lambda talk: " ".join(
        all_sentences([one for one in talk if one.speaker is Speaker.USER])[:3]
    ),
    "beginning, as long as the extract": lambda talk: " ".join(all_sentences(talk))[
        : same_length(talk)
    ],
    "end, as long as the extract": lambda talk: " ".join(all_sentences(talk))[-same_length(talk) :],
    f"beginning, {SUMMARY_LIMIT:,} characters": lambda talk: " ".join(all_sentences(talk))[
        :SUMMARY_LIMIT
    ],
}


def read(path: str) -> list[tuple[list[Utterance], str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        (
            [
                Utterance(number, Speaker(message["role"]), message["text"])
                for number, message in enumerate(record["messages"], 1)
            ],
            record["labels"]["escalation_summary"],
        )
        for record in records
        if record["labels"].get("escalation_summary")
    ]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def measure(path: str) -> None:
    pairs = read(path)
    scorer = RougeScorer(KINDS, use_stemmer=True)
    say(f"{len(pairs)} conversations with a reference; F1 / recall, in percent")
    say(f"{'':36}{'characters':>11}" + "".join(f"{kind:>14}" for kind in KINDS))
    for name, summarize in SUMMARIZERS.items():
        texts = [summarize(conversation) for conversation, _ in pairs]
        scores = [
            scorer.score(reference, text) for (_, reference), text in zip(pairs, texts, strict=True)
        ]
        cells = (
            f"{100 * mean(s[kind].fmeasure for s in scores):6.1f} /"
            f"{100 * mean(s[kind].recall for s in scores):5.1f}"
            for kind in KINDS
        )
        length = round(mean(map(len, texts)))
        say(f"{name:36}{length:>11,}" + "".join(f"{cell:>14}" for cell in cells))


if __name__ == "__main__":
    measure(sys.argv[1])
