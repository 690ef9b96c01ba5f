"""What one scrape reads: the metrics of all processes, and what only the database knows."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from escalation_app import measures
from escalation_app.services.measuring import Standing

AGE = "escalation_synchronisation_age_seconds"
AGE_MEANS = "Seconds since the screens of the process that is worst off equalled the database."


class Scrape(CollectorRegistry):
    """`standing` is None while the database does not answer."""

    def __init__(self, standing: Standing | None, directory: Path | None) -> None:
        super().__init__()
        self.register(_Measured(directory))
        self.register(_Stored(standing))


class _Measured(Collector):
    """Of one process, or the sum over the files of several."""

    def __init__(self, directory: Path | None) -> None:
        self._of_all = (
            MultiProcessCollector(None, str(directory)) if directory else REGISTRY  # type: ignore[no-untyped-call]
        )

    def collect(self) -> Iterator[Metric]:
        for metric in self._of_all.collect():
            yield _age(metric) if metric.name == _SYNCHRONISED_AT else metric

    def describe(self) -> Iterable[Metric]:
        return ()


class _Stored(Collector):
    def __init__(self, standing: Standing | None) -> None:
        self._standing = standing

    def collect(self) -> Iterator[Metric]:
        is_up = GaugeMetricFamily("escalation_database_up", "Whether the database answers.")
        is_up.add_metric([], float(self._standing is not None))
        yield is_up
        if self._standing is None:
            return
        cases = GaugeMetricFamily(
            "escalation_queue_length", "Cases, by queue and status.", labels=["queue", "status"]
        )
        for (queue, status), count in self._standing.cases.items():
            cases.add_metric([queue.value, status.value], count)
        yield cases
        waiting = GaugeMetricFamily(
            "escalation_deliveries_waiting", "Deliveries to be sent.", labels=["queue"]
        )
        for queue, count in self._standing.deliveries_waiting.items():
            waiting.add_metric([queue.value], count)
        yield waiting

    def describe(self) -> Iterable[Metric]:
        return ()


_SYNCHRONISED_AT = next(iter(measures.synchronised_at.describe())).name


def _age(metric: Metric) -> Metric:
    """A process that serves nobody, as the one that starts the others, has never synchronised."""
    since = [sample.value for sample in metric.samples if sample.value]
    age = GaugeMetricFamily(AGE, AGE_MEANS)
    if since:
        age.add_metric([], time.monotonic() - min(since))
    return age
