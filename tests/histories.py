"""Any history of deeds, played on a database."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def check_histories(
    machine: type[RuleBasedStateMachine], database_url: str, examples: int = 10
) -> None:
    """Play so many histories of this machine, which finds its database under `database_url`."""
    on_this_database: Any = type("OnThisDatabase", (machine,), {"database_url": database_url})
    run_state_machine_as_test(
        on_this_database,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
