"""The framework's states are a tree: their classes, and what is kept of one tab."""

from collections.abc import Iterator

from reflex.state import BaseState


def classes_from(state: type[BaseState]) -> Iterator[type[BaseState]]:
    """It and all below it."""
    yield state
    for inner in state.get_substates():
        yield from classes_from(inner)


def states_from(state: BaseState) -> Iterator[BaseState]:
    """It and what is kept below it."""
    yield state
    for inner in state.substates.values():
        yield from states_from(inner)
