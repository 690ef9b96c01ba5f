"""The database's address: one that PostgreSQL's own programs take as well."""

from urllib.parse import urlencode

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

# Where the server is; SQLAlchemy reads them itself.
PLACE = ("host", "port")
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
# Names that libpq and asyncpg have in common.
PARAMETERS = (
    "sslmode",
    *FILES,
    "sslpassword",
    "sslnegotiation",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "target_session_attrs",
    "application_name",
    "passfile",
)
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def async_url(database_url: str) -> URL:
    """The URL with the driver we use: aiosqlite or asyncpg.

    Raises:
        ValueError: It is neither SQLite nor PostgreSQL, or has a parameter that is not understood.
    """
    url = _read(database_url)
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url.set(drivername="sqlite+aiosqlite")
    if backend in ("postgresql", "postgres"):
        return _as_asyncpg_reads_it(url.set(drivername="postgresql+asyncpg"))
    raise ValueError("it must begin with sqlite:// or postgresql://")


def _read(database_url: str) -> URL:
    try:
        return make_url(database_url)
    except (ArgumentError, ValueError):
        # What it can't read may be a password.
        raise ValueError("it is no address such as postgresql://desk:…@host/desk") from None


def _as_asyncpg_reads_it(url: URL) -> URL:
    """SQLAlchemy hands each parameter on as an argument; asyncpg knows libpq's names in an address only."""
    _must_be_understood(url)
    handed_on = {name: value for name, value in url.query.items() if name not in PLACE}
    if not handed_on:
        return url
    address = f"postgresql://?{urlencode(handed_on, doseq=True)}"
    return url.difference_update_query(handed_on).update_query_dict({"dsn": address})


def _must_be_understood(url: URL) -> None:
    for name, values in url.normalized_query.items():
        if name not in PLACE + PARAMETERS:
            known = ", ".join(PLACE + PARAMETERS)
            raise ValueError(f"it can't have “{name}”, only {known}")
        for value in values:
            if name == "sslmode" and value not in MODES:
                raise ValueError(f"“{value}” is no sslmode, which is one of {', '.join(MODES)}")
