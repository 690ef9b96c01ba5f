"""The demo: people, real conversations as cases, and a simulation of a busy day."""
