"""The only reader of the environment."""

import os
import secrets
import ssl
from enum import StrEnum
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url

from escalation_app.database_address import FILES, async_url
from escalation_app.origins import origin_of

SHORTEST_TOKEN = 16
DATA = Path(__file__).resolve().parent.parent / "data"
KEY_FILE = "secret.key"
# Who listens on all addresses has none of its own.
THIS_MACHINE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


class LogFormat(StrEnum):
    JSON = "json"
    TEXT = "text"


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
    page_evaluation_override: bool | None = Field(
        default=None,
        validation_alias=AliasChoices("ESCALATION_PAGE_EVALUATION", "page_evaluation_override"),
    )
    api_requests_per_minute: int = Field(
        default=600,
        ge=1,
        validation_alias=AliasChoices(
            "ESCALATION_API_REQUESTS_PER_MINUTE", "api_requests_per_minute"
        ),
    )
    workers: int = Field(
        default=2, ge=1, le=64, validation_alias=AliasChoices("ESCALATION_WORKERS", "workers")
    )
    log_format: LogFormat = Field(
        default=LogFormat.TEXT, validation_alias=AliasChoices("ESCALATION_LOG_FORMAT", "log_format")
    )
    metrics_token: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("ESCALATION_METRICS_TOKEN", "metrics_token")
    )
    # Where the processes of one desk put their metrics; the server makes it anew at each start.
    metrics_directory: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("PROMETHEUS_MULTIPROC_DIR", "metrics_directory"),
    )
    webhook_allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        validation_alias=AliasChoices(
            "ESCALATION_WEBHOOK_ALLOWED_NETWORKS", "webhook_allowed_networks"
        ),
    )
    # Whose word counts for the address that somebody asks from.
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(), validation_alias=AliasChoices("ESCALATION_TRUSTED_PROXIES", "trusted_proxies")
    )
    webhook_ca_file: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("ESCALATION_WEBHOOK_CA_FILE", "webhook_ca_file"),
    )
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = ""
    openai_model: str = ""

    @field_validator("database_url")
    @classmethod
    def _understood(cls, written: str) -> str:
        if written.strip():
            async_url(written)
            _must_have_its_files(written)
        return written

    @field_validator("webhook_allowed_networks", "trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, written: object) -> object:
        if not isinstance(written, str):
            return written
        return tuple(_network(one) for one in written.replace(",", " ").split())

    @field_validator("public_url_override")
    @classmethod
    def _origin(cls, written: str | None) -> str | None:
        return origin_of(written) if written and written.strip() else None

    @field_validator("metrics_token", mode="before")
    @classmethod
    def _long_enough(cls, written: object) -> object:
        if not isinstance(written, str):
            return written
        token = written.strip()
        if token and len(token) < SHORTEST_TOKEN:
            raise ValueError(f"a token has {SHORTEST_TOKEN} characters or more")
        return token or None

    @field_validator("webhook_ca_file", mode="before")
    @classmethod
    def _nothing_is_no_file(cls, written: object) -> object:
        return None if isinstance(written, str) and not written.strip() else written

    @field_validator("webhook_ca_file")
    @classmethod
    def _readable(cls, file: Path | None) -> Path | None:
        if file is not None:
            _must_hold_certificates(file)
        return file

    @property
    def has_model(self) -> bool:
        """Whether a language model may be asked. An endpoint of one's own may need no key."""
        return bool(self.openai_api_key.get_secret_value().strip() or self.openai_base_url.strip())

    @property
    def public_url(self) -> str:
        """The only origin whose socket and cookie are accepted."""
        return self.public_url_override or f"http://127.0.0.1:{self.port}"

    @property
    def own_url(self) -> str:
        """Where the desk answers to who asks on its own machine."""
        host = THIS_MACHINE.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def pages_may_evaluate(self) -> bool:
        """Whether pages may evaluate text as code, as browsers' test tools do to wait for something.

        The desk itself never does. The demo, whose passwords everybody knows, allows it.
        """
        return self.demo if self.page_evaluation_override is None else self.page_evaluation_override

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @cached_property
    def known_key(self) -> str | None:
        """The key that needs no file: the given one, or where all is in memory one drawn for it."""
        is_in_memory = self._sqlite_file is None and not self._is_on_a_server
        return self.secret_key or (secrets.token_urlsafe(32) if is_in_memory else None)

    @property
    def key_file(self) -> Path | None:
        """Where a desk without a key of its own keeps one: beside its SQLite file, or the demo's data."""
        if self._sqlite_file:
            return self._sqlite_file.with_name(KEY_FILE)
        return DATA / KEY_FILE if self.demo and self._is_on_a_server else None

    @property
    def lacks_key(self) -> bool:
        """Whether each process would have to draw one, and none could read what another sealed."""
        return not self.known_key and not self.key_file

    @property
    def _is_on_a_server(self) -> bool:
        return make_url(self.database_url).get_backend_name() != "sqlite"

    @property
    def _sqlite_file(self) -> Path | None:
        file = make_url(self.database_url).database
        is_none = self._is_on_a_server or file in (None, "", ":memory:")
        return None if is_none else Path(str(file))

    @property
    def has_key(self) -> bool:
        """Whether there is a key that other processes of the desk have too."""
        return bool(self.secret_key) or bool(self.key_file and self.key_file.exists())

    @property
    def cookie_name(self) -> str:
        """`__Host-` binds the cookie to this very host, which browsers allow on https only."""
        return "__Host-escalation_session" if self.is_https else "escalation_session"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SystemExit: One of them makes no sense; the desk does not start, and says which.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SystemExit(_sentences(error)) from None


def _network(written: str) -> IPv4Network | IPv6Network:
    try:
        meant = ip_network(written, strict=False)
    except ValueError:
        raise ValueError(f"“{written}” is not a network such as 10.0.0.0/8 or fd00::/8") from None
    if meant.network_address != ip_address(written.split("/")[0]):
        raise ValueError(
            f"“{written}” is an address within a network; write {meant} if that is meant"
        )
    return meant


def _must_have_its_files(database_url: str) -> None:
    """What TLS to the database stands on. Its driver would not say which file is missing."""
    for name, values in make_url(database_url).normalized_query.items():
        for file in values if name in FILES else ():
            if not os.access(file, os.R_OK):
                raise ValueError(f"“{file}”, its {name}, can't be read")


def _must_hold_certificates(file: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except ssl.SSLError:
        raise ValueError(f"“{file}” holds no certificates (PEM)") from None
    except OSError as error:
        raise ValueError(f"“{file}” can't be read ({error.strerror})") from None


def _sentences(error: ValidationError) -> str:
    """What is wrong, by the names that people set."""
    wrong = (
        f"{str(one['loc'][0]).upper()}: {one['msg'].removeprefix('Value error, ')}"
        for one in error.errors()
    )
    return f"The desk can't start: {'; '.join(wrong)}."
