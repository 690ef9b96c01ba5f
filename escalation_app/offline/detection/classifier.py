"""A linear classifier over hashed words and letter groups; learned by scripts/train_detector.py."""

import base64
import gzip
import json
import math
import re
import zlib
from array import array
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise

BUCKETS = 1 << 20
LETTER_GROUPS = (2, 3, 4, 5)
_TOKEN = re.compile(r"\w+(?:'\w+)*|[!?]+|[^\w\s]")
_WORD = re.compile(r"[^\W\d_]{2,}")


def hashed_features(text: str) -> dict[int, float]:
    """Bucket to weight: words, pairs of words, letter groups and how loud it is written.

    Each of the two families has length 1, so that a long message weighs no more than a short one.
    """
    tokens = [*_TOKEN.findall(text.replace("’", "'").lower()), *_loudness(text)]
    words = Counter(tokens)
    words.update(f"{first} {second}" for first, second in pairwise(tokens))
    letters: Counter[str] = Counter()
    for token in tokens:
        padded = f" {token} "
        for size in LETTER_GROUPS:
            letters.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    features: dict[int, float] = {}
    for family, counts in (("w", words), ("c", letters)):
        weights = {gram: 1 + math.log(count) for gram, count in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        for gram, weight in weights.items():
            bucket = zlib.crc32(f"{family}{gram}".encode("utf-8", "replace")) % BUCKETS
            features[bucket] = features.get(bucket, 0.0) + weight / length
    return features


def _loudness(text: str) -> list[str]:
    """Marks for what lower case would hide."""
    words = _WORD.findall(text)
    loud = sum(word.isupper() for word in words)
    marks = []
    if loud >= 2 and loud * 2 > len(words):
        marks.append("<shouting>")
    elif loud:
        marks.append("<capitals>")
    if "!!" in text:
        marks.append("<exclaiming>")
    return marks


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """`threshold` was chosen on development data; a score above it means yes."""

    weights: "array[int]"
    scale: float
    bias: float
    threshold: float

    @classmethod
    def load(cls, name: str) -> "LinearClassifier":
        """The classifier that ships with the package under this name."""
        file = resources.files("escalation_app.offline.detection") / "weights" / f"{name}.json.gz"
        stored = json.loads(gzip.decompress(file.read_bytes()))
        weights = array("b", base64.b64decode(stored["weights"]))
        return cls(weights, stored["scale"], stored["bias"], stored["threshold"])

    def score(self, text: str) -> float:
        """How far above its threshold the text is; negative means no."""
        found = sum(value * self.weights[key] for key, value in hashed_features(text).items())
        return found * self.scale + self.bias - self.threshold
