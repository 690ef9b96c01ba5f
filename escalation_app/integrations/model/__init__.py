"""Any OpenAI-compatible language model: it judges, replies and summarizes, or fails by name."""
