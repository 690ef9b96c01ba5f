"""One address of a database does for the desk and for PostgreSQL's own programs."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from escalation_app.database_address import async_url
from tests.servers.ports import free_port

PROJECT = Path(__file__).resolve().parents[1]


def read_by_asyncpg(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(async_url(address).query["dsn"])).query)


def test_each_database_is_spoken_to_by_its_own_driver() -> None:
    assert async_url("sqlite:///data/desk.db").drivername == "sqlite+aiosqlite"
    for scheme in ("postgres", "postgresql"):
        assert async_url(f"{scheme}://desk@host/desk").drivername == "postgresql+asyncpg"


def test_the_driver_reads_the_names_that_postgresqls_own_programs_know() -> None:
    address = "postgresql://desk@host/desk?sslmode=verify-full&sslrootcert=/a%20folder/ca.pem"
    assert read_by_asyncpg(address) == {
        "sslmode": ["verify-full"],
        "sslrootcert": ["/a folder/ca.pem"],
    }


def test_an_address_without_parameters_is_left_as_it_is() -> None:
    assert not async_url("postgresql://desk@host/desk").query
    assert async_url("sqlite:///file:desk?mode=ro&uri=true").query == {"mode": "ro", "uri": "true"}


def test_a_socket_of_this_machine_is_named_beside_other_parameters() -> None:
    url = async_url("postgresql:///desk?host=/run/postgresql&sslmode=disable")
    assert url.query["host"] == "/run/postgresql"
    assert "host" not in read_by_asyncpg(str(url.set(query={"host": "/x", "sslmode": "allow"})))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://desk@host/desk", "it must begin with sqlite:// or postgresql://"),
        ("s3cret", "it is no address such as postgresql://desk:…@host/desk"),
        ("postgresql://d:s3@cret@host:x/d", "it is no address such as "),
        ("postgresql://d:s3cret@host/d?ssl=require", "it can't have “ssl”, only host, "),
        (
            "postgresql://d:s3cret@host/d?sslmode=on",
            "“on” is no sslmode, which is one of disable, ",
        ),
        ("postgresql://d:s3cret@host/d?sslmode=allow&sslmode=x", "“x” is no sslmode"),
    ],
)
def test_an_address_that_is_not_understood_is_refused_and_its_password_not_repeated(
    address: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=r"^.") as refused:
        async_url(address)
    assert sentence in str(refused.value)
    assert "s3" not in str(refused.value)


def migrated(address: str) -> str:
    """What the command says that can't do it."""
    asked = subprocess.run(
        [sys.executable, "-m", "escalation_app.cli", "migrate"],
        cwd=PROJECT,
        env={"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1
    return asked.stdout + asked.stderr


def test_an_address_that_is_not_understood_ends_a_command_in_one_sentence() -> None:
    said = migrated("postgresql://desk@host/desk?channel_binding=require")
    assert said.startswith(
        "The desk can't start: DATABASE_URL: it can't have “channel_binding”, only "
    )
    assert said.count("\n") == 1


def test_a_database_that_is_not_there_ends_a_command_in_one_sentence() -> None:
    said = migrated(f"postgresql://desk@127.0.0.1:{free_port()}/desk")
    assert said.startswith("The database can't be reached: ")
    assert said.count("\n") == 1


def test_a_file_that_is_missing_ends_a_command_in_one_sentence_that_names_it(
    tmp_path: Path,
) -> None:
    address = f"postgresql://desk@host/desk?sslmode=verify-full&sslrootcert={tmp_path}/none.pem"
    said = migrated(address)
    assert said == (
        f"The desk can't start: DATABASE_URL: “{tmp_path}/none.pem”, its sslrootcert, can't be read.\n"
    )


def test_an_authority_that_nobody_named_ends_a_command_in_one_sentence() -> None:
    said = migrated(f"postgresql://desk@127.0.0.1:{free_port()}/desk?sslmode=verify-full")
    assert said.startswith("The database can't be reached: root certificate file ")
    assert said.count("\n") == 1
