"""Learns the offline detector's classifiers again from the labelled messages.

Run by a developer, in an environment of its own with scikit-learn:
    python scripts/train_detector.py LABELLED
The same data gives the same weights. What is learned, and from whom: see weights/NOTICE.txt.
"""

import base64
import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import cross_val_predict

sys.path.insert(0, str(Path(__file__).parents[1]))
from escalation_app.offline.detection.classifier import BUCKETS, hashed_features

WEIGHTS = Path(__file__).parents[1] / "escalation_app" / "offline" / "detection" / "weights"
SEED = 20_417
# Every fifth message of the banking and booking data is never learned from, only measured on.
HELD_OUT = 5
SEEN_OFTEN_ENOUGH = 3


def main(folder: Path) -> None:
    forum = rows(folder / "goemotions.train.jsonl.gz")
    forum_dev = rows(folder / "goemotions.dev.jsonl.gz")
    bank = learnable(rows(folder / "banking77.train.jsonl.gz"))
    bank += learnable(rows(folder / "nlupp.folds-0-9.jsonl.gz"))
    # Calm customers keep the forum's words for anger from firing on every complaint.
    calm = [{**row, "angry": False} for row in bank]
    learn("angry", forum + calm, "angry", strength=1.0, dev=forum_dev)
    learn("refund", bank, "refund", strength=10.0, dev=None)


def learnable(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for number, row in enumerate(messages) if number % HELD_OUT]


def learn(
    name: str,
    train: list[dict[str, Any]],
    label: str,
    strength: float,
    dev: list[dict[str, Any]] | None,
) -> None:
    """Naive-Bayes log-count ratios as feature weights, then logistic regression over them.

    The threshold is the one of the best F1 on `dev`, or across five folds of `train`.
    """
    features, truth = matrix(train), np.array([row[label] for row in train])
    ratio = log_count_ratio(features, truth)
    model = LogisticRegression(C=strength, solver="liblinear", random_state=SEED)
    scaled = (features @ diags(ratio)).tocsr()
    model.fit(scaled, truth)
    weights = model.coef_.ravel() * ratio
    scale = float(np.abs(weights).max()) / 127
    stored = np.round(weights / scale).astype(np.int8)
    bias = float(model.intercept_[0])
    if dev is None:
        scores = cross_val_predict(model, scaled, truth, cv=5, method="decision_function")
    else:
        scores = matrix(dev) @ (stored * scale) + bias
        truth = np.array([row[label] for row in dev])
    threshold = best_threshold(name, truth, scores)
    save(name, stored, scale, bias, threshold)


def log_count_ratio(features: csr_matrix, truth: np.ndarray) -> np.ndarray:
    """How much more often a feature stands in what is meant; 0 for a feature hardly seen."""
    present = (features > 0).astype(np.float32)
    meant = np.asarray(present[truth].sum(0)).ravel() + 1
    other = np.asarray(present[~truth].sum(0)).ravel() + 1
    often = np.asarray(present.sum(0)).ravel() >= SEEN_OFTEN_ENOUGH
    ratio = np.log((meant / truth.sum()) / (other / (~truth).sum()))
    return (ratio * often).astype(np.float32)


def matrix(messages: Sequence[dict[str, Any]]) -> csr_matrix:
    starts, columns, values = [0], [], []
    for message in messages:
        found = hashed_features(message["text"])
        columns.extend(found.keys())
        values.extend(found.values())
        starts.append(len(columns))
    parts = (np.array(values, np.float32), np.array(columns, np.int32), np.array(starts, np.int32))
    return csr_matrix(parts, shape=(len(messages), BUCKETS))


def best_threshold(name: str, truth: np.ndarray, scores: np.ndarray) -> float:
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    best = int(f1[:-1].argmax())
    sys.stdout.write(
        f"{name}: precision {precision[best]:.3f}  recall {recall[best]:.3f}  "
        f"F1 {f1[best]:.3f} at {thresholds[best]:.3f}\n"
    )
    return float(thresholds[best])


def save(name: str, weights: np.ndarray, scale: float, bias: float, threshold: float) -> None:
    stored = {
        "scale": scale,
        "bias": bias,
        "threshold": threshold,
        "weights": base64.b64encode(weights.tobytes()).decode(),
    }
    WEIGHTS.mkdir(exist_ok=True)
    path = WEIGHTS / f"{name}.json.gz"
    path.write_bytes(gzip.compress(json.dumps(stored).encode(), 9, mtime=0))
    sys.stdout.write(f"{path.name}: {path.stat().st_size / 1000:.0f} kB\n")


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
