"""Whether a summary's sentences stand in the messages that they cite."""

from escalation_app.domain.grounding.grounding import Grounding

__all__ = ["Grounding"]
