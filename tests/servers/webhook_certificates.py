"""The receiver's certificates: one good one, and three that nobody should accept."""

import ssl
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import trustme

# "receiver.test" is known to no name server: for tests that bring their own lookup.
NAMES = ("localhost", "127.0.0.1", "::1", "receiver.test")


class Certificate(StrEnum):
    GOOD = "good"
    OF_A_STRANGER = "of a stranger"
    OF_ANOTHER_NAME = "of another name"
    EXPIRED = "expired"


class Certificates:
    def __init__(self, directory: Path) -> None:
        authority, stranger = trustme.CA(), trustme.CA()
        self.ca_file = directory / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        yesterday = datetime.now(UTC) - timedelta(days=1)
        self._leaves = {
            Certificate.GOOD: authority.issue_cert(*NAMES),
            Certificate.OF_A_STRANGER: stranger.issue_cert(*NAMES),
            Certificate.OF_ANOTHER_NAME: authority.issue_cert("somebody-else.example"),
            Certificate.EXPIRED: authority.issue_cert(
                *NAMES, not_before=yesterday - timedelta(days=9), not_after=yesterday
            ),
        }

    def context(self, certificate: Certificate) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._leaves[certificate].configure_cert(context)
        return context
