"""Which images of each series have been decoded for, and painted on, the screen of a draft; kept with its views."""

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


class ShownImages:
    """Takes note of what is painted: one bit for each slice. Lives on the thread of the window."""

    def __init__(self) -> None:
        self._sizes: dict[VolumeReference, int] = {}
        self._masks: dict[VolumeReference, int] = {}

    def know(self, volume: Volume) -> None:
        """Take note of a decoded volume; one that has grown begins anew, for its slices have other places."""
        reference, size = VolumeReference(volume.series, volume.index), int(volume.voxels.shape[0])
        if self._sizes.get(reference, size) != size:
            self._masks.pop(reference, None)
        self._sizes[reference] = size

    def knowing(self, volumes: Iterable[Volume]) -> "ShownImages":
        """Return itself, having taken note of volumes that were decoded before."""
        for volume in volumes:
            self.know(volume)
        return self

    def forget(self, series: Collection[SeriesUID]) -> None:
        """Count nothing of some series: what was painted of them proved not to be the patient's."""
        self._sizes = {one: size for one, size in self._sizes.items() if one.series not in series}
        self._masks = {one: mask for one, mask in self._masks.items() if one.series not in series}

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
        """Return what is known as values of JSON: series, volume, slices, and which were shown, a bit each."""
        return [
            [reference.series, reference.index, size, f"{self._masks.get(reference, 0):x}"]
            for reference, size in self._sizes.items()
        ]

    @classmethod
    def read(cls, content: list[Any]) -> "ShownImages":
        """Read what ``write`` gave; raises ``ValueError`` or ``TypeError`` on anything else."""
        found = cls()
        for series, index, size, mask in content:
            reference = VolumeReference(SeriesUID(str(series)), int(index))
            found._sizes[reference] = int(size)
            found._masks[reference] = int(mask, 16) & ((1 << int(size)) - 1)
        return found

    def by_series(self) -> Mapping[SeriesUID, ShownOfSeries]:
        """Return the counts of each series, all its volumes together."""
        counts: dict[SeriesUID, ShownOfSeries] = {}
        for reference, size in self._sizes.items():
            before = counts.get(reference.series, ShownOfSeries(0, 0))
            shown = self._masks.get(reference, 0).bit_count()
            counts[reference.series] = ShownOfSeries(before.decoded + size, before.shown + shown)
        return counts


def _slice_along(resolved: ResolvedView, volume: Volume) -> int | None:
    """Return the slice that a plane through the volume lies along."""
    if not volume.is_spatial:
        return None
    plane = resolved.plane
    k = nearest_slice(volume, plane.centre_lps)
    cosine = sum(a * b for a, b in zip(plane.normal, slice_plane(volume, k).normal, strict=True))
    return k if abs(cosine) >= _ALONG_SLICES else None
