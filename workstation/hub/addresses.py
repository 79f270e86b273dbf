"""Which addresses belong to a hub. The origin is scheme, host and port; nothing else is ever asked.

The sign-in goes below the hub's root, and to the places beside it that its settings name: other things may be served
from the same origin, and an address in an answer, or in a manifest, may lead there.
"""

from collections.abc import Sequence
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from workstation.domain.hub import HubSettings
from workstation.domain.hub_place import is_same_place, origin_of, quoted, split_address
from workstation.hub.errors import ForeignOrigin, UnusableAddress

_WITHOUT_SOCKET = {"ws": "http", "wss": "https"}


class HubAddress:
    """The DICOMweb root of one hub, and the test that an address found in an answer stays there."""

    def __init__(self, url: str, hub: str, beside: Sequence[str] = ()) -> None:
        self._hub = hub
        split = split_address(url)
        origin = origin_of(split) if split else None
        if split is None or origin is None or split.query or split.fragment:
            raise UnusableAddress("the hub's address is not usable", hub=hub)
        self._origin = origin
        self.is_tls, self.host, self.port = origin[0] == "https", origin[1], origin[2]
        self._base = urlunsplit((split.scheme, split.netloc, "", "", ""))
        self.netloc = split.netloc
        self.root = self._base + split.path.rstrip("/")
        places = (split.path.rstrip("/"), *(f"/{one.strip('/')}".rstrip("/") for one in beside))
        self._places = tuple(quoted(one) for one in places)

    def rewrite(self, url: str) -> str:
        """Return ``url``, relative or absolute, rebuilt on the configured origin.

        Only path and query are taken over, so that no trick of notation can reach another host.

        Raises
        ------
        ForeignOrigin
            Scheme, host or port differ from the configured ones, or user information is given.
        """
        split = split_address(url, f"{self.root}/")
        if split is None or origin_of(split) != self._origin:
            raise ForeignOrigin("an address outside the hub's origin", hub=self._hub)
        return self._base + urlunsplit(("", "", split.path or "/", split.query, ""))

    def target(self, path: str, query: Sequence[tuple[str, str]] = ()) -> str:
        """Return the address to ask for ``path``, below the root or a whole address, by the same rule."""
        url = self.rewrite(path if "://" in path else f"{self.root}/{path.lstrip('/')}")
        asked = "&".join(f"{quote(name, safe='')}={quote(value, safe='*,/:')}" for name, value in query)
        joint = ("&" if "?" in url else "?") if asked else ""
        return self._base + quoted(url.removeprefix(self._base)) + joint + asked

    def is_own(self, path: str) -> bool:
        """Whether what is asked for, as in ``target``, lies below the root or in a place that the settings name.

        Steps upwards in what the settings name are theirs; those behind it lead away.
        """
        asked = f"{urlsplit(self.target(path)).path}/"
        behind = (asked.removeprefix(one) for one in self._places if asked.startswith(f"{one}/"))
        return any(not _is_winding(one) for one in behind)

    def rewrite_channel(self, url: str) -> str:
        """Return the address of a WebSocket, relative or absolute, by the same rule as ``rewrite``."""
        scheme, separator, rest = url.partition("://")
        plain = _WITHOUT_SOCKET.get(scheme.lower(), scheme)
        return self.rewrite(f"{plain}{separator}{rest}").replace("http", "ws", 1)


def is_of(url: str, hub: HubSettings) -> bool:
    """Whether a whole address has the origin of a hub."""
    try:
        HubAddress(hub.url, hub.name).rewrite(url)
    except (ForeignOrigin, UnusableAddress):
        return False
    return "://" in url


def is_root_of(url: str, hub: HubSettings) -> bool:
    """Whether a whole address is that of a hub's root, however both are written."""
    return is_same_place(url, hub.url)


def is_below(url: str, hub: HubSettings) -> bool:
    """Whether a whole address that ``is_of`` a hub lies below its root, or in a place beside it."""
    return HubAddress(hub.url, hub.name, hub.beside).is_own(url)


def place_words(path: str) -> str:
    """Return the place that a path leads to, to be named to a person: without what it says of a study."""
    asked = urlsplit(path).path
    before, _, _ = asked.partition("/studies/")
    return before if before not in ("", asked) else f"/{asked.strip('/').partition('/')[0]}"


def origin_words(url: str) -> str:
    """Return scheme, host and port of an address, to be named to a person: never its path, query or user."""
    split = split_address(url)
    origin = origin_of(split) if split is not None else None
    return "–" if origin is None else f"{origin[0]}://{origin[1]}:{origin[2]}"


def _is_winding(path: str) -> bool:
    """Whether a server may take a path for another one: with steps upwards, however they are written."""
    while (plain := unquote(path)) != path:
        path = plain
    return any(part.partition(";")[0] in (".", "..") for part in path.replace("\\", "/").split("/"))
