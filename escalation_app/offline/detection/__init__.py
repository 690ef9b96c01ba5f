"""The offline detector: judges conversations against plain-language conditions without a model."""

from escalation_app.offline.detection.detector import OfflineJudge

__all__ = ["OfflineJudge"]
