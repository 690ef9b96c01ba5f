"""Whose certificates a receiver may show: those of the public authorities, and the operator's."""

import ssl
from pathlib import Path

import certifi


def tls_context(ca_file: Path | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(ca_file)
    return context
