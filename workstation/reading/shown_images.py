"""Which images of each series have been decoded for, and painted on, the screen of a draft; kept with its views."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from viewers.identifiers import SeriesUID
from viewers.image.slices import nearest_slice, slice_plane
from viewers.image.volume import Volume
from viewers.state.resolved import ResolvedView
from viewers.state.view_state import VolumeReference

# A plane that is turned no further than this against the slices shows them; beyond, it crosses them all.
_ALONG_SLICES = 0.99


@dataclass(frozen=True, slots=True)
class ShownOfSeries:
    """How many images of a series were decoded, and how many of them painted."""

    decoded: int
    shown: int


@dataclass(frozen=True, slots=True)
class _Images:
    """How many images a volume holds, and a digest of which ones; empty where an older archive does not say."""

    count: int
    digest: str

    def may_be(self, other: "_Images") -> bool:
        """Whether these are the same images in the same order, as far as is known."""
        return self.count == other.count and (self.digest == other.digest or "" in (self.digest, other.digest))


class ShownImages:
    """Takes note of what is painted: one bit for each slice. Lives on the thread of the window."""

    def __init__(self) -> None:
        self._images: dict[VolumeReference, _Images] = {}
        self._masks: dict[VolumeReference, int] = {}

    def knowing(self, volumes: Iterable[Volume]) -> "ShownImages":
        """Return itself, having taken note of all decoded volumes of some series, and of no other volumes of these.

        What holds other images than before begins anew: a slice has another place in it.
        """
        fresh = {VolumeReference(volume.series, volume.index): _images(volume) for volume in volumes}
        for reference, images in fresh.items():
            if not images.may_be(self._images.get(reference, images)):
                self._masks.pop(reference, None)
        self._gone({one for one in self._images if one.series in {known.series for known in fresh}} - fresh.keys())
        self._images |= fresh
        return self

    def forget(self, series: Collection[SeriesUID]) -> None:
        """Count nothing of some series: what was painted of them proved not to be the patient's."""
        self._gone({one for one in self._images if one.series in series})

    def _gone(self, volumes: Collection[VolumeReference]) -> None:
        self._images = {one: images for one, images in self._images.items() if one not in volumes}
        self._masks = {one: mask for one, mask in self._masks.items() if one not in volumes}

    def paint(self, resolved: ResolvedView, volume: Volume) -> None:
        """Take note of a picture that is painted."""
        k = resolved.slice_index
        if k is None:
            k = _slice_along(resolved, volume)
        if k is not None:
            self._masks[resolved.volume] = self._masks.get(resolved.volume, 0) | 1 << k

    def slices(self, reference: VolumeReference) -> int:
        """Return which slices of a volume were painted, a bit each."""
        return self._masks.get(reference, 0)

    def write(self) -> list[list[object]]:
        """Return what is known as values of JSON: series, volume, how many images, which were shown, which they are."""
        return [
            [reference.series, reference.index, images.count, f"{self._masks.get(reference, 0):x}", images.digest]
            for reference, images in self._images.items()
        ]

    @classmethod
    def read(cls, content: list[Any]) -> "ShownImages":
        """Read what ``write`` gave; raises ``ValueError`` or ``TypeError`` on anything else."""
        found = cls()
        for series, index, count, mask, *digest in content:
            reference = VolumeReference(SeriesUID(str(series)), int(index))
            found._images[reference] = _Images(int(count), str(digest[0]) if digest else "")
            found._masks[reference] = int(mask, 16) & ((1 << int(count)) - 1)
        return found

    def by_series(self) -> Mapping[SeriesUID, ShownOfSeries]:
        """Return the counts of each series, all its volumes together."""
        counts: dict[SeriesUID, ShownOfSeries] = {}
        for reference, images in self._images.items():
            before = counts.get(reference.series, ShownOfSeries(0, 0))
            shown = self._masks.get(reference, 0).bit_count()
            counts[reference.series] = ShownOfSeries(before.decoded + images.count, before.shown + shown)
        return counts


def _images(volume: Volume) -> _Images:
    names = "\n".join(f"{source.instance}/{source.frame_index}" for source in volume.sources)
    return _Images(int(volume.voxels.shape[0]), hashlib.sha256(names.encode()).hexdigest())


def _slice_along(resolved: ResolvedView, volume: Volume) -> int | None:
    """Return the slice that a plane through the volume lies along."""
    if not volume.is_spatial:
        return None
    plane = resolved.plane
    k = nearest_slice(volume, plane.centre_lps)
    cosine = sum(a * b for a, b in zip(plane.normal, slice_plane(volume, k).normal, strict=True))
    return k if abs(cosine) >= _ALONG_SLICES else None
