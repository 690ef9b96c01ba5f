"""The live escalation desk between AI support agents and human supervisors."""
