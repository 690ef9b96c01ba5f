"""The only reader of the environment."""

from functools import lru_cache
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url


class Settings(BaseSettings):
    """What the surroundings decide. Names are those of the documentation."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    database_url: str = "sqlite:///data/escalations.db"
    redis_url: str | None = None
    port: int = 3000
    host: str = "127.0.0.1"
    demo: bool = Field(default=False, validation_alias=AliasChoices("ESCALATION_DEMO", "demo"))
    secret_key: str | None = Field(
        default=None,
        repr=False,
        validation_alias=AliasChoices("ESCALATION_SECRET_KEY", "secret_key"),
    )
    public_url_override: str | None = Field(
        default=None, validation_alias=AliasChoices("ESCALATION_PUBLIC_URL", "public_url_override")
    )
    api_requests_per_minute: int = Field(
        default=600,
        ge=1,
        validation_alias=AliasChoices(
            "ESCALATION_API_REQUESTS_PER_MINUTE", "api_requests_per_minute"
        ),
    )
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = ""
    openai_model: str = ""

    @property
    def has_model(self) -> bool:
        """Whether a language model may be asked. An endpoint of one's own may need no key."""
        return bool(self.openai_api_key.get_secret_value().strip() or self.openai_base_url.strip())

    @property
    def public_url(self) -> str:
        """The only origin whose socket and cookie are accepted."""
        return (self.public_url_override or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def key_file(self) -> Path | None:
        """Where a demo without a key of its own keeps one: beside its SQLite file."""
        url = make_url(self.database_url)
        if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
            return None
        return Path(str(url.database)).with_name("secret.key")

    @property
    def cookie_name(self) -> str:
        """`__Host-` binds the cookie to this very host, which browsers allow on https only."""
        return "__Host-escalation_session" if self.is_https else "escalation_session"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
