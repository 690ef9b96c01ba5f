"""The extract: a summary of a conversation's own telling sentences."""

from escalation_app.offline.extract.extract import extract

__all__ = ["extract"]
