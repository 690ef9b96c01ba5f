"""The test conversation: how it starts, what is said, and what detection makes of it."""
