"""What production stands on, judged before anything is served."""

from collections.abc import Iterator

from escalation_app.origins import stays_on_the_machine
from escalation_app.settings import Settings

NEEDED = {
    "DATABASE_URL": "database_url",
    "REDIS_URL": "redis_url",
    "ESCALATION_SECRET_KEY": "secret_key",
}
SHORTEST_KEY = 32


def why_not(chosen: Settings) -> str | None:
    """Why the desk can't be served so, in a sentence."""
    given = chosen.model_dump(exclude_unset=True, include=set(NEEDED.values()))
    missing = [name for name, field in NEEDED.items() if not given.get(field)]
    if missing:
        return f"please set {', '.join(missing)}."
    if not chosen.database_url.startswith("postgres"):
        return "DATABASE_URL must name a PostgreSQL."
    if len((chosen.secret_key or "").strip()) < SHORTEST_KEY:
        return (
            f"ESCALATION_SECRET_KEY must have {SHORTEST_KEY} characters or more, chosen at random."
        )
    return None


def doubts(chosen: Settings) -> Iterator[str]:
    """What is served all the same, though hardly meant."""
    if not chosen.is_https and not stays_on_the_machine(chosen.public_url):
        yield (
            "ESCALATION_PUBLIC_URL is on plain http: passwords and sessions can be read on their way"
        )
    if chosen.is_https and not chosen.trusted_proxies:
        yield (
            "ESCALATION_TRUSTED_PROXIES names no proxy: behind the one that ends TLS, attempts to "
            "sign in count all people together"
        )
