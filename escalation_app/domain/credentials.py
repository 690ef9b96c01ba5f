"""What proves who somebody is. Only hashes are kept; the secret itself is shown once and forgotten."""

import hashlib
import secrets
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network

from sqlalchemy import Column, ForeignKey, Integer, String
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import UtcDateTime

# A shift is up to 12 hours; nobody is signed out in the middle of one for only watching.
IDLE_LIMIT = timedelta(hours=12)
ABSOLUTE_LIMIT = timedelta(days=7)
# Writing on every event would make each click a write; a minute is exact enough for 12 hours.
TOUCH_INTERVAL = timedelta(minutes=1)

ATTEMPT_WINDOW = timedelta(minutes=15)
ATTEMPTS_PER_NAME_AND_ADDRESS = 10
ATTEMPTS_PER_ADDRESS = 60

# What one subscriber is given at the least (RFC 6177, section 1): 2**64 addresses to ask from.
SUBSCRIBER_BITS = 64


def network_of(address: str) -> str:
    """Where attempts are counted: an IPv4 address, or the network of an IPv6 one; else as it stands."""
    try:
        network = IPv6Network((IPv6Address(address), SUBSCRIBER_BITS), strict=False)
    except ValueError:
        return address
    return str(network)


def new_secret() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 in hex. The secret is random and long, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class SignInSession(SQLModel, table=True):
    """One browser that is signed in."""

    __tablename__ = "sign_in_session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(sa_column=Column(String(64), unique=True, nullable=False))
    person_id: int = Field(
        sa_column=Column(
            Integer, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    def is_live(self, now: datetime) -> bool:
        return now - self.last_seen_at < IDLE_LIMIT and now - self.created_at < ABSOLUTE_LIMIT

    def wants_touch(self, now: datetime) -> bool:
        return now - self.last_seen_at >= TOUCH_INTERVAL


class ApiKey(SQLModel, table=True):
    """A program's key."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    key_hash: str = Field(sa_column=Column(String(64), unique=True, nullable=False))
    label: str = Field(sa_column=Column(String(120), nullable=False))
    person_id: int = Field(
        sa_column=Column(
            Integer, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True
        )
    )
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    def wants_touch(self, now: datetime) -> bool:
        return self.last_used_at is None or now - self.last_used_at >= TOUCH_INTERVAL


class SignInAttempts(SQLModel, table=True):
    """Attempts counted before a password is looked at, so parallel ones can't slip past."""

    __tablename__ = "sign_in_attempts"

    key: str = Field(sa_column=Column(String(200), primary_key=True))
    window_started_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    attempts: int = Field(sa_column=Column(Integer, nullable=False))
