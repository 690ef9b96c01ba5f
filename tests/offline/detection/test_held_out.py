"""Real messages, not learned from; see held_out.NOTICE.txt. Angry ones are over-represented."""

import json
from pathlib import Path

import pytest

from tests.offline.detection.talk import ANGRY, HUMAN, REFUND, meets

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "held_out.jsonl").read_text("utf-8").splitlines()
]
CONDITIONS = {"angry": ANGRY, "refund": REFUND, "wants_human": HUMAN}


@pytest.mark.parametrize(
    ("label", "precision", "recall"),
    [("angry", 0.60, 0.45), ("refund", 0.92, 0.90), ("wants_human", 0.90, 0.85)],
)
def test_most_of_what_people_wrote_is_judged_as_people_judged_it(
    label: str, precision: float, recall: float
) -> None:
    rows = [row for row in ROWS if row["label"] == label]
    met = [row for row in rows if meets(CONDITIONS[label], row["text"])]
    right = sum(row["is"] for row in met)
    assert right / len(met) >= precision
    assert right / sum(row["is"] for row in rows) >= recall
