"""Where a hub is, however its address is written: scheme, host and port, and the path of its root."""

from urllib.parse import SplitResult, quote, urljoin, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT = "!#$%&'()*+,/:;=?@[]~"
Origin = tuple[str, str, int]


def place_of(url: str) -> tuple[Origin, str] | None:
    """Return origin and path of a root, the same for whatever leads there; nothing where it is no address of a hub."""
    split = split_address(url)
    origin = None if split is None else origin_of(split)
    if split is None or origin is None or split.query or split.fragment:
        return None
    return origin, quoted(split.path.rstrip("/"))


def is_same_place(one: str, other: str) -> bool:
    """Whether two addresses are of one root; never where either is no address of a hub."""
    place = place_of(one)
    return place is not None and place == place_of(other)


def split_address(url: str, base: str = "") -> SplitResult | None:
    """Return the parts of an address, or nothing when it could be read in more than one way."""
    if any(ord(character) <= 0x20 or ord(character) == 0x7F or character == "\\" for character in url):
        return None
    try:
        return urlsplit(urljoin(base, url))
    except ValueError:
        return None


def origin_of(split: SplitResult) -> Origin | None:
    """Return scheme, host and port, or nothing when the address is not plainly one of HTTP."""
    try:
        port = split.port
    except ValueError:
        return None
    default = _DEFAULT_PORTS.get(split.scheme)
    if default is None or not split.hostname or "@" in split.netloc:
        return None
    return split.scheme, split.hostname, port or default


def quoted(path: str) -> str:
    """Return a path as it is asked for; what is quoted already stays as it is."""
    return quote(path, safe=_KEPT)
