"""The settings of a hub as the command line names them; secrets come from files, never from an argument."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from workstation.cli.errors import FileRefused, HubNameRefused
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import HubName
from workstation.vault.errors import PassphraseFileUnreadable
from workstation.vault.passphrase import read_passphrase_file

_LARGEST_CERTIFICATE_BYTES: Final = 1 << 20
# The token of someone in many groups is longer than any passphrase.
_LARGEST_SECRET_BYTES: Final = 1 << 16
_CONTROLS: Final = frozenset(map(chr, (*range(0x20), 0x7F)))


def add_arguments(parser: ArgumentParser) -> None:
    """Add what names a hub and the way to sign in there."""
    parser.add_argument("name")
    parser.add_argument("url", help="the DICOMweb root, such as https://hub.example/dicom-web")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--user", default="", help="basic authentication")
    way.add_argument("--token-file", type=Path, help="bearer authentication: a file that holds the token")
    way.add_argument(
        "--certificate", type=Path, metavar="F.p12", help="client certificate: PKCS#12, or PEM with its key"
    )
    way.add_argument(
        "--oidc-issuer", default="", metavar="URL", help="sign-in in the browser at this identity provider"
    )
    parser.add_argument("--password-file", type=Path, help="basic authentication: a file that holds the password")
    parser.add_argument("--certificate-passphrase-file", type=Path, metavar="F", help="opens the certificate's key")
    parser.add_argument("--oidc-client", default="requis", metavar="ID", help="what this workstation is called there")
    parser.add_argument("--oidc-secret-file", type=Path, metavar="F", help="what it proves itself with, if anything")
    parser.add_argument("--oidc-scope", default="", metavar="SCOPES", help="asked for beside openid offline_access")
    parser.add_argument(
        "--oidc-origin", action="append", default=[], metavar="ORIGIN", help="where else the provider may give tokens"
    )
    parser.add_argument("--ca", type=Path, metavar="F.pem", help="the authority that vouches for this hub")
    parser.add_argument("--pin", action="append", default=[], metavar="SHA256", help="a key that the hub may show")
    parser.add_argument("--mirror-of", default="", metavar="NAME", help="the hub that this one has the studies of")
    parser.add_argument(
        "--beside", action="append", default=[], metavar="PATH", help="where else on its machine the sign-in may go"
    )
    parser.add_argument("--writes", action="store_true", help="a mirror that hands on to its hub what is stored on it")


def hub_of(arguments: Namespace) -> HubSettings:
    """Return the settings that parsed arguments name.

    Raises
    ------
    HubNameRefused, FileRefused, UnusableCertificate
        The name is none, or a file that is named cannot be used.
    """
    if not arguments.name.strip() or not arguments.name.isprintable():
        raise HubNameRefused("empty, or more than a line")
    hub = HubSettings(
        name=HubName(arguments.name),
        url=arguments.url.rstrip("/"),
        ca_file=str(arguments.ca.absolute()) if arguments.ca else "",
        mirror_of=HubName(arguments.mirror_of) if arguments.mirror_of else None,
        pins=tuple(arguments.pin),
        accepts_writes=arguments.writes,
        beside=tuple(arguments.beside),
    )
    kind = next((kind for kind, is_asked in _ASKED.items() if is_asked(arguments)), None)
    return hub if kind is None else _SIGN_INS[kind](hub, arguments)


def _secret(file: Path) -> str:
    """Return the password or token that a file holds, without a byte order mark and its trailing line break."""
    try:
        text = read_passphrase_file(file, _LARGEST_SECRET_BYTES).removeprefix("\ufeff")
    except PassphraseFileUnreadable as error:
        raise FileRefused(error.technical, path=file.name) from error
    if not text or any(character in _CONTROLS for character in text):
        raise FileRefused("no single line of text", path=file.name)
    return text


def _basic(hub: HubSettings, arguments: Namespace) -> HubSettings:
    secret = _secret(arguments.password_file) if arguments.password_file else ""
    return replace(hub, sign_in=SignInKind.BASIC, user=arguments.user, secret=secret)


def _bearer(hub: HubSettings, arguments: Namespace) -> HubSettings:
    return replace(hub, sign_in=SignInKind.BEARER, secret=_secret(arguments.token_file).strip())


def _certificate(hub: HubSettings, arguments: Namespace) -> HubSettings:
    # The libraries of certificates are loaded by the one way to sign in that needs them.
    from workstation.hub.sign_in.certificate import certificate_text

    file = arguments.certificate_passphrase_file
    passphrase = _secret(file) if file else None
    try:
        with arguments.certificate.open("rb") as opened:
            content = opened.read(_LARGEST_CERTIFICATE_BYTES)
    except OSError as error:
        raise FileRefused(type(error).__name__, path=arguments.certificate.name) from error
    return replace(hub, sign_in=SignInKind.CERTIFICATE, secret=certificate_text(content, passphrase, hub.name))


def _oidc(hub: HubSettings, arguments: Namespace) -> HubSettings:
    origins = tuple(arguments.oidc_origin)
    provider = IdentityProvider(arguments.oidc_issuer, arguments.oidc_client, arguments.oidc_scope, origins)
    secret = _secret(arguments.oidc_secret_file) if arguments.oidc_secret_file else ""
    return replace(hub, sign_in=SignInKind.OIDC, secret=secret, provider=provider)


_ASKED: Final[Mapping[SignInKind, Callable[[Namespace], bool]]] = MappingProxyType(
    {
        SignInKind.BASIC: lambda arguments: bool(arguments.user),
        SignInKind.BEARER: lambda arguments: arguments.token_file is not None,
        SignInKind.CERTIFICATE: lambda arguments: arguments.certificate is not None,
        SignInKind.OIDC: lambda arguments: bool(arguments.oidc_issuer),
    }
)
_SIGN_INS: Final[Mapping[SignInKind, Callable[[HubSettings, Namespace], HubSettings]]] = MappingProxyType(
    {
        SignInKind.BASIC: _basic,
        SignInKind.BEARER: _bearer,
        SignInKind.CERTIFICATE: _certificate,
        SignInKind.OIDC: _oidc,
    }
)
