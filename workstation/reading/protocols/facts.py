"""What is known of the images of a case now: little at first, more as headers and volumes come.

What is not known is ``None`` or empty and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from viewers.geometry.frame import Vector3, as_vector, cross, unit
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, Orientation
from viewers.identifiers import FrameOfReferenceUID, SeriesUID
from viewers.image.acquisition import Acquisition
from viewers.image.plan import VolumePlan
from viewers.image.volume import Volume
from viewers.state.view_state import VolumeReference
from workstation.domain.study import SeriesSummary, StudySummary
from workstation.reading.comparison import is_image

PLANES: Mapping[str, Orientation] = {"axial": AXIAL, "coronal": CORONAL, "sagittal": SAGITTAL}
# A slice within this cosine of a plane of the body is one of that plane; a steeper one is oblique.
_LEAST_COSINE = 0.7
OBLIQUE = "oblique"


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """One volume of a series. ``plane`` is that of its slices, empty where they have no place in the patient.

    ``acquisitions`` are by slice, ``apart`` what tells it from the other volumes of its series.
    """

    reference: VolumeReference
    images: int
    plane: str
    step_mm: float | None
    frame_of_reference: FrameOfReferenceUID | None
    acquisitions: tuple[Acquisition, ...]
    apart: tuple[tuple[str, str], ...] = ()

    @property
    def acquisition(self) -> Acquisition:
        """How its middle slice was acquired."""
        return self.acquisitions[len(self.acquisitions) // 2] if self.acquisitions else Acquisition()


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """One series as it is listed, and its volumes where they are known."""

    summary: SeriesSummary
    volumes: tuple[VolumeFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """One study and its series of images, in the order of their numbers."""

    summary: StudySummary
    series: tuple[SeriesFacts, ...]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The study being read and earlier ones, the latest first."""

    current: StudyFacts | None = None
    priors: tuple[StudyFacts, ...] = ()

    def study(self, prior: int) -> StudyFacts | None:
        """Return the current study for 0, the n-th prior from 1 on, the oldest for -1."""
        if prior == 0:
            return self.current
        if prior < 0:
            return self.priors[-1] if self.priors else None
        return self.priors[prior - 1] if prior <= len(self.priors) else None


@dataclass(slots=True)
class Knowledge:
    """Collects what becomes known of the volumes of a case."""

    volumes: dict[SeriesUID, tuple[VolumeFacts, ...]] = field(default_factory=dict)

    def take(self, facts: Sequence[VolumeFacts]) -> None:
        """Note all volumes of some series."""
        for series in {one.reference.series for one in facts}:
            self.volumes[series] = tuple(one for one in facts if one.reference.series == series)

    def forget(self, series: Sequence[SeriesUID]) -> None:
        """Let go of what is known of some series."""
        for one in series:
            self.volumes.pop(one, None)

    def case(self, studies: Sequence[StudySummary]) -> CaseFacts:
        """Return what is known of ``studies``, the first of which is being read."""
        if not studies:
            return CaseFacts()
        priors = sorted(studies[1:], key=lambda one: (one.date, one.time), reverse=True)
        return CaseFacts(self._study(studies[0]), tuple(self._study(one) for one in priors))

    def _study(self, study: StudySummary) -> StudyFacts:
        listed = sorted(
            (one for one in study.series if is_image(one)),
            key=lambda one: (one.number is None, one.number or 0, one.uid),
        )
        return StudyFacts(study, tuple(SeriesFacts(one, self.volumes.get(one.uid, ())) for one in listed))


def facts_of_volume(volume: Volume) -> VolumeFacts:
    """Return what a volume tells."""
    return VolumeFacts(
        VolumeReference(volume.series, volume.index),
        len(volume.sources),
        plane_of(normal_of(volume.affine)) if volume.is_spatial else "",
        _step_mm(volume.affine) if volume.is_spatial else None,
        volume.frame_of_reference,
        volume.acquisitions,
        volume.passport.split_by,
    )


def facts_of_plan(planned: VolumePlan) -> VolumeFacts:
    """Return what the headers of a volume tell before its pixels are there."""
    return VolumeFacts(
        VolumeReference(planned.series, planned.index),
        len(planned.frames),
        plane_of(normal_of(planned.affine)) if planned.is_spatial else "",
        _step_mm(planned.affine) if planned.is_spatial else None,
        planned.passport.frame_of_reference,
        planned.acquisitions,
        planned.passport.split_by,
    )


def normal_of(affine: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Vector3:
    """Return the unit normal of the slices of an affine."""
    return unit(cross(as_vector(affine[:3, 0]), as_vector(affine[:3, 1])))


def plane_of(normal: Vector3) -> str:
    """Return the plane of the body that slices with this normal lie in, or ``oblique``."""
    x, y, z = (abs(part) for part in normal)
    name, most = max((("sagittal", x), ("coronal", y), ("axial", z)), key=lambda found: found[1])
    return name if most >= _LEAST_COSINE else OBLIQUE


def _step_mm(affine: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(np.linalg.norm(affine[:3, 2]))
