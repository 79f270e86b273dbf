"""A hub of the profile: where it is and how one signs in there."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from workstation.domain.identifiers import HubName


class SignInKind(StrEnum):
    """How requests to a hub are authenticated."""

    NONE = "none"
    BASIC = "basic"
    BEARER = "bearer"
    CERTIFICATE = "certificate"
    OIDC = "oidc"


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Who vouches for the reader: the issuer of OpenID Connect, and what this workstation is called there.

    ``origins`` are the further places, as ``https://host``, at which the issuer may give tokens: whoever added the hub
    has named them, for a secret goes there.
    """

    issuer: str
    client: str
    scope: str = ""
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HubSettings:
    """One hub; ``url`` is the DICOMweb root, without a trailing slash.

    ``secret`` never leaves the encrypted profile: a password, a token, what the client proves itself with, or key and
    chain as PEM. ``pins`` are the keys that the hub may show, SHA-256 in base64; empty for any that its authority
    vouches for. ``accepts_writes`` is of a mirror that hands on to its hub what is stored on it.
    ``beside`` are the further paths of the hub's machine, such as ``/wado-rs``, that the sign-in may be sent to.
    """

    name: HubName
    url: str
    sign_in: SignInKind = SignInKind.NONE
    user: str = ""
    secret: str = ""
    ca_file: str = ""
    mirror_of: HubName | None = None
    pins: tuple[str, ...] = ()
    provider: IdentityProvider | None = None
    accepts_writes: bool = False
    beside: tuple[str, ...] = ()

    @property
    def is_loopback(self) -> bool:
        """Whether the hub runs on this machine, the only place where demonstration signatures may go."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return False

    def __repr__(self) -> str:
        """Show the hub without its secret."""
        return f"HubSettings(name={self.name!r}, url={self.url!r}, sign_in={self.sign_in.value})"
