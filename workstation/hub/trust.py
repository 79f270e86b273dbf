"""Whom to trust: the system's authorities, or the authority named for one hub; and the TLS context made of it.

The environment names none: OpenSSL's own defaults would follow SSL_CERT_FILE, and Python's SSLKEYLOGFILE.
"""

import os
import ssl
import sys
import tempfile
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from workstation.hub.errors import UnusableCertificate

# Where the systems keep all authorities in one file: Debian, Fedora, SUSE, Alpine.
_SYSTEM_FILES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_CRL_MARK: Final = b"-----BEGIN X509 CRL-----"
_SERVER_AUTHENTICATION: Final = "1.3.6.1.5.5.7.3.1"


def tls_context(ca_file: str, certificate: str = "", hub: str = "", *, alone: bool = True) -> ssl.SSLContext:
    """Return a client context: TLS 1.2 or later, names checked, no key log. Source: PS3.15 B.12.

    With ``ca_file`` that file alone is trusted (beside the system's authorities where not ``alone``), and revocation
    lists in it are followed. ``certificate`` is what this client shows by itself, key and chain as PEM.

    Raises
    ------
    UnusableCertificate
        The file or the certificate cannot be used.
    """
    # Made by hand, because ssl.create_default_context would honour SSLKEYLOGFILE.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if ca_file:
            _trust_file(context, ca_file)
        if not ca_file or not alone:
            _trust_system(context)
        if certificate:
            _show(context, certificate)
    except (OSError, ValueError, TypeError) as error:
        raise UnusableCertificate(type(error).__name__, hub=hub) from error
    return context


def pin_of(certificate: bytes) -> str:
    """Return the pin of a DER certificate: SHA-256 of its public key, in base64. Source: RFC 7469 2.4."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b64encode(sha256(spki).digest()).decode("ascii")


def _trust_file(context: ssl.SSLContext, ca_file: str) -> None:
    context.load_verify_locations(cafile=ca_file)
    if _CRL_MARK in Path(ca_file).read_bytes():
        context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF


def _trust_system(context: ssl.SSLContext) -> None:
    if sys.platform == "win32":
        for store in ("ROOT", "CA"):
            for certificate, encoding, trust in ssl.enum_certificates(store):
                if encoding == "x509_asn" and (trust is True or _SERVER_AUTHENTICATION in trust):
                    context.load_verify_locations(cadata=certificate)
        return
    # macOS keeps its authorities where OpenSSL cannot read them; there, those of Mozilla stand for them.
    found = next((path for path in _SYSTEM_FILES if Path(path).is_file()), certifi.where())
    context.load_verify_locations(cafile=found)


def _show(context: ssl.SSLContext, pem: str) -> None:
    """Load key and chain; OpenSSL takes them from a file only, which holds the key encrypted under a word of ours."""
    word = token_urlsafe(32)
    key = serialization.load_pem_private_key(pem.encode(), None)
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(word.encode()),
    )
    chain = b"".join(
        one.public_bytes(serialization.Encoding.PEM) for one in x509.load_pem_x509_certificates(pem.encode())
    )
    handle, name = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed + chain)
        context.load_cert_chain(name, password=word)
    finally:
        Path(name).unlink()
