"""The demo's certificate authorities, made on the spot, and the certificates that its servers show."""

import ssl
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import trustme

HOSTS: Final = ("127.0.0.1", "localhost")

OWNER: Final = "mailtui demo server"

LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
"""Validity of the expired certificate."""


class Shows(StrEnum):
    """Which certificate a server shows."""

    VALID = "valid"
    EXPIRED = "expired"
    OTHER_NAME = "other name"
    UNKNOWN_AUTHORITY = "unknown authority"


class Authority:
    """An authority that the demo's addresses trust, and a second one that nobody does."""

    def __init__(self) -> None:
        self._ours = trustme.CA(organization_name="mailtui demo")
        self._unknown = trustme.CA(organization_name="unknown to mailtui")

    def write(self, path: Path) -> None:
        """The trusted authority's certificate, in PEM."""
        self._ours.cert_pem.write_to_path(path)

    def context(self, shows: Shows) -> ssl.SSLContext:
        """TLS for a server with a certificate of its own."""
        match shows:
            case Shows.VALID:
                leaf = self._ours.issue_cert(*HOSTS, organization_name=OWNER)
            case Shows.EXPIRED:
                begin, end = LONG_AGO
                leaf = self._ours.issue_cert(*HOSTS, organization_name=OWNER, not_before=begin, not_after=end)
            case Shows.OTHER_NAME:
                leaf = self._ours.issue_cert("mail.elsewhere.example", organization_name=OWNER)
            case Shows.UNKNOWN_AUTHORITY:
                leaf = self._unknown.issue_cert(*HOSTS, organization_name=OWNER)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        leaf.configure_cert(context)
        return context
