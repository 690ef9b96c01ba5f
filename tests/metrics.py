"""What a scrape tells, as a mapping from a sample, as it is written, to its figure."""

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

Figures = Mapping[str, float]


def figures_in(text: str) -> dict[str, float]:
    """By name and labels in their order: `escalation_claims_total{outcome="won"}`."""
    return {
        written(sample.name, **sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def written(name: str, **labels: str) -> str:
    inside = ",".join(f'{key}="{labels[key]}"' for key in sorted(labels))
    return f"{name}{{{inside}}}" if inside else name


def grown(before: Figures, after: Figures, name: str, **labels: str) -> float:
    """By how much a figure has grown; what was not there was 0."""
    key = written(name, **labels)
    return after.get(key, 0.0) - before.get(key, 0.0)
