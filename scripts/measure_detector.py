"""Precision, recall and F1 of the offline detector, judged as the desk judges: by a condition.

    python scripts/measure_detector.py LABELLED

Every message is a conversation of its own. No classifier learned from them, but they are no
blind test: the threshold for anger was chosen on GoEmotions dev, a margin for refunds with an eye
on what was held out, and the lexicon for "wants_human" was written with NLU++ in view.
"""

import asyncio
import gzip
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from escalation_app.domain.detection import TriggerCondition, Utterance
from escalation_app.domain.vocabulary import Speaker, Urgency
from escalation_app.offline.detection.detector import OfflineJudge

# As in train_detector.py: what was held out is every fifth, from the first.
HELD_OUT = 5
CONDITIONS = {
    "angry": ("Angry customer", "User is angry or annoyed"),
    "refund": ("Refund request", "User asks for a refund"),
    "wants_human": ("Asks for a human", "User wants to talk to a person"),
}


@dataclass
class Tally:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def row(self, label: str, data: str, count: int) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)
        positive = self.right + self.missed
        return (
            f"| {label} | {data} | {count:,} | {positive} | {precision:.2f} | {recall:.2f} "
            f"| {f1:.2f} |\n"
        )


async def main(folder: Path, show: bool) -> None:
    forum = rows(folder / "goemotions.dev.jsonl.gz")
    bank = rows(folder / "banking77.train.jsonl.gz")[::HELD_OUT]
    booking = rows(folder / "nlupp.folds-0-9.jsonl.gz")
    runs = [
        ("angry", "GoEmotions dev", forum),
        ("refund", "Banking77, held out", bank),
        ("refund", "NLU++, held out", booking[::HELD_OUT]),
        ("wants_human", "NLU++", booking),
    ]
    sys.stdout.write("| label | messages | n | of these | precision | recall | F1 |\n")
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    started = time.perf_counter()
    for label, data, messages in runs:
        tally = await measured(label, messages, show)
        sys.stdout.write(tally.row(label, data, len(messages)))
    each = (time.perf_counter() - started) / sum(len(messages) for *_, messages in runs)
    sys.stdout.write(f"\n{each * 1000:.2f} ms for each message\n")


async def measured(label: str, messages: Iterable[dict[str, Any]], show: bool) -> Tally:
    name, description = CONDITIONS[label]
    condition = TriggerCondition(name, description, Urgency.MEDIUM, "Complaint", "Support")
    tally, judge = Tally(), OfflineJudge()
    for message in messages:
        conversation = [Utterance(1, Speaker.USER, message["text"])]
        met = await judge.judge(conversation, [condition], [], [])
        tally.right += bool(met and message[label])
        tally.wrong += bool(met and not message[label])
        tally.missed += bool(not met and message[label])
        if show and bool(met) != message[label]:
            sys.stderr.write(f"{label} {'wrong' if met else 'missed'}: {message['text']}\n")
    return tally


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), "--show" in sys.argv))
