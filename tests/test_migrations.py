"""The migrations make exactly the tables that the code speaks of, on both databases."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def test_migrations_and_models_agree(database_url: str) -> None:
    config = Config(Path(__file__).resolve().parents[1] / "alembic.ini")
    config.set_main_option("database_url", database_url)
    command.upgrade(config, "head")
    # Raises when a table, column, index or constraint of the models is missing, or one too many.
    command.check(config)
    command.downgrade(config, "base")
