"""PostgreSQL is spoken to as strictly as the address says."""

import os
import pwd
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import pytest
import trustme
from sqlalchemy import text

from escalation_app.db.engine import Database
from tests.servers.postgres_server import FOR_TESTS, PostgresServer, binary

# Whether the line is encrypted, and who the client says it is.
THIS_LINE = text("SELECT ssl, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()")


class EncryptedPostgres:
    """A server with a certificate for 127.0.0.1, and the files that its clients have."""

    def __init__(self) -> None:
        authority, stranger = trustme.CA(), trustme.CA()
        # Not below pytest's folder, which only root may enter, while PostgreSQL refuses to be root.
        self.directory = Path(tempfile.mkdtemp(prefix="desk-certificates-"))
        self.directory.chmod(0o755)
        self.authority = self._kept("ca.pem", authority.cert_pem)
        self.stranger = self._kept("stranger.pem", stranger.cert_pem)
        own, client = authority.issue_cert("127.0.0.1"), authority.issue_cert("desk@client.test")
        self.client = self._kept("client.pem", client.cert_chain_pems[0])
        self.client_key = self._kept("client.key", client.private_key_pem)
        self.server = PostgresServer(
            settings={
                **FOR_TESTS,
                "ssl": "on",
                "ssl_ca_file": str(self.authority),
                "ssl_cert_file": str(self._kept("server.pem", own.cert_chain_pems[0])),
                "ssl_key_file": str(self._of_the_server("server.key", own.private_key_pem)),
            }
        )

    def _kept(self, name: str, pem: trustme.Blob) -> Path:
        file = self.directory / name
        pem.write_to_path(str(file))
        file.chmod(0o600 if name.endswith(".key") else 0o644)
        return file

    def _of_the_server(self, name: str, pem: trustme.Blob) -> Path:
        file = self._kept(name, pem)
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(file, account.pw_uid, account.pw_gid)
        return file

    def address(self, parameters: str) -> str:
        return f"{self.server.url('postgres')}?{parameters}"


@pytest.fixture(scope="module")
def encrypted() -> Iterator[EncryptedPostgres]:
    postgres = EncryptedPostgres()
    postgres.server.start()
    yield postgres
    postgres.server.remove()
    rmtree(postgres.directory)


async def line_of(address: str) -> tuple[bool, str | None]:
    database = Database(address)
    try:
        async with database.engine.connect() as connection:
            is_encrypted, client = (await connection.execute(THIS_LINE)).one()
            return is_encrypted, client
    finally:
        await database.close()


def dump(address: str) -> None:
    subprocess.run([binary("pg_dump"), "--schema-only", address], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("mode", "is_encrypted"),
    [("disable", False), ("prefer", True), ("require", True), ("verify-full", True)],
)
async def test_the_line_is_as_the_address_says_and_the_address_does_for_a_backup(
    encrypted: EncryptedPostgres, mode: str, is_encrypted: bool
) -> None:
    address = encrypted.address(f"sslmode={mode}&sslrootcert={encrypted.authority}")
    assert await line_of(address) == (is_encrypted, None)
    dump(address)


async def test_a_server_whose_certificate_is_a_strangers_is_not_spoken_to(
    encrypted: EncryptedPostgres,
) -> None:
    for mode in ("verify-ca", "verify-full"):
        address = encrypted.address(f"sslmode={mode}&sslrootcert={encrypted.stranger}")
        with pytest.raises(ssl.SSLCertVerificationError):
            await line_of(address)


async def test_a_server_under_another_name_is_spoken_to_only_if_the_name_may_differ(
    encrypted: EncryptedPostgres,
) -> None:
    address = encrypted.address(f"sslrootcert={encrypted.authority}")
    renamed = address.replace("127.0.0.1", "localhost")
    assert await line_of(f"{renamed}&sslmode=verify-ca") == (True, None)
    with pytest.raises(ssl.SSLCertVerificationError):
        await line_of(f"{renamed}&sslmode=verify-full")


async def test_the_desk_shows_its_own_certificate(encrypted: EncryptedPostgres) -> None:
    own = f"sslcert={encrypted.client}&sslkey={encrypted.client_key}"
    is_encrypted, client = await line_of(encrypted.address(f"sslmode=require&{own}"))
    assert is_encrypted
    assert client


async def test_a_server_without_encryption_is_not_spoken_to_where_it_is_required(
    postgres: PostgresServer,
) -> None:
    assert await line_of(f"{postgres.url('postgres')}?sslmode=prefer") == (False, None)
    with pytest.raises(ConnectionError, match="rejected SSL upgrade"):
        await line_of(f"{postgres.url('postgres')}?sslmode=require")
