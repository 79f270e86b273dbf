"""Short, bounded transfers of a real series of a hub, to measure what its strategy is chosen by.

Nothing that comes is kept or looked into, but the name of the transfer syntax in the file meta information, which is
read as text within its first bytes: objects are parsed by worker processes alone.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from workstation.domain.hub_findings import SyntaxTrial
from workstation.domain.strategy import ONE_BY_ONE
from workstation.domain.study import InstanceReference, SeriesSummary, StudySummary
from workstation.hub.accept import dialects_from
from workstation.hub.answers import segment
from workstation.hub.door import Call, Door, never
from workstation.hub.errors import HubAnsweredWrongly, HubError, NotOnHub

MOST_BYTES = 4 << 20
MOST_SECONDS = 3.0
LOSSLESS_SYNTAXES = (
    "1.2.840.10008.1.2.4.201",
    "1.2.840.10008.1.2.4.202",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.90",
)
_IMAGES = ("CT", "MR", "PT", "NM", "CR", "DX", "MG", "XA", "RF", "US")
# The file meta information ends within this; a UID in it is followed by a zero byte or by the next element.
_META_BYTES = 2048
_FEW, _MANY = 4, 40


@dataclass(frozen=True, slots=True)
class Sample:
    """One transfer: how many bytes came until it ended or was ended, and when; ``head`` is its beginning."""

    size_bytes: int
    first_byte_s: float
    duration_s: float
    is_whole: bool
    head: bytes

    @property
    def bytes_per_s(self) -> float:
        """The speed after the first byte, 0 where too little came to tell."""
        flowing = self.duration_s - self.first_byte_s
        return self.size_bytes / flowing if flowing > 0 and self.size_bytes >= 1 << 16 else 0.0


@dataclass(frozen=True, slots=True)
class Sampler:
    """Takes samples from one hub, never more than the byte and time caps of each."""

    door: Door
    monotonic: Callable[[], float] = time.monotonic

    def take(self, path: str, accept: str) -> Sample:
        """Read one answer up to the caps and throw it away."""
        started = self.monotonic()
        first, size, head, is_whole = 0.0, 0, b"", True
        with self.door.transfer(Call("GET", path, headers={"Accept": accept}), never) as streamed:
            for chunk in streamed.chunks:
                first = first or self.monotonic() - started
                size += len(chunk)
                head = head if len(head) >= _META_BYTES else head + chunk[:_META_BYTES]
                if size > MOST_BYTES or self.monotonic() - started > MOST_SECONDS:
                    is_whole = False
                    break
        return Sample(size, first, self.monotonic() - started, is_whole, head)

    def several(self, paths: Sequence[str], accept: str) -> float:
        """Return the seconds that one of several transfers takes which run at the same time."""
        started = self.monotonic()
        with ThreadPoolExecutor(ONE_BY_ONE.parallel, "sampling") as pool:
            list(pool.map(lambda path: self.take(path, accept), paths))
        return (self.monotonic() - started) / len(paths)

    def in_syntax(self, path: str, dialect: str, syntax: str, stored: Sample) -> SyntaxTrial:
        """Ask for one instance in one transfer syntax."""
        accept = dialects_from(dialect)[0].header(syntax, is_single=True)
        try:
            got = self.take(path, accept)
        except HubError:
            # A hub that fails at this, in whatever way, is not asked for it.
            return SyntaxTrial(syntax, is_given=False)
        is_given = got.is_whole and names_syntax(got.head, syntax)
        ratio = got.size_bytes / max(1, stored.size_bytes)
        return SyntaxTrial(syntax, is_given, round(ratio, 3), round(got.duration_s * 1000.0, 1))


def names_syntax(head: bytes, syntax: str) -> bool:
    """Whether the file meta information at the beginning of an answer names this transfer syntax."""
    marker = b"\x02\x00\x10\x00UI"
    start = head.find(marker)
    value = head[start + 8 : start + 8 + 64] if start >= 0 else b""
    uid = syntax.encode("ascii")
    return value.startswith(uid) and value[len(uid) : len(uid) + 1] in (b"\0", b"\x02", b"\x08", b"")


def smallest_images(
    studies: Sequence[StudySummary], series_of: Callable[[StudySummary], Sequence[SeriesSummary]]
) -> tuple[StudySummary, SeriesSummary] | None:
    """Return a small series of images: of a few images rather than of one, and of the smallest studies first."""
    ordered = sorted(studies, key=lambda study: study.instances if study.instances is not None else _MANY)
    fallback: tuple[StudySummary, SeriesSummary] | None = None
    for study in ordered[:_FEW]:
        for series in series_of(study):
            if series.modality not in _IMAGES:
                continue
            if _FEW <= (series.instances or _FEW) <= _MANY:
                return study, series
            fallback = fallback or (study, series)
    return fallback


def path_of(reference: InstanceReference, hub: str) -> str:
    """Return the path of one instance below the hub's root."""
    study, series = segment(reference.study, hub), segment(reference.series, hub)
    return f"studies/{study}/series/{series}/instances/{segment(reference.instance, hub)}"


def answers(ask: Callable[[], object]) -> bool:
    """Whether a hub gives what is asked for; that it cannot be reached at all is not an answer."""
    try:
        ask()
    except (NotOnHub, HubAnsweredWrongly):
        return False
    return True
