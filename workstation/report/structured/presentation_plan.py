"""Which presentation states a report needs: one for each annotated series and way of turning pixels into values.

A presentation state belongs to the study of its images, so marks on priors stay in the SR alone. Images whose rescale
differs cannot share one state: it carries a single modality transformation. Source: PS3.3 C.11.11, A.33.1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydicom.uid import ColorSoftcopyPresentationStateStorage, GrayscaleSoftcopyPresentationStateStorage

from viewers.annotations.model import Annotation
from viewers.identifiers import InstanceUID, SeriesUID
from workstation.domain.study import InstanceReference
from workstation.report.context import StoredHeader
from workstation.report.model import Report
from workstation.report.structured.image_plane import graphics
from workstation.report.structured.objects import ReportUids


@dataclass(frozen=True, slots=True)
class MarkedFrame:
    """One frame and the marks that lie in it; the frame index counts from 0."""

    stored: StoredHeader
    frame_index: int
    annotations: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class PresentationGroup:
    """The marked frames of one presentation state."""

    series: SeriesUID
    colour: bool
    frames: tuple[MarkedFrame, ...]

    @property
    def sop_class(self) -> str:
        """Colour images need the colour class."""
        return str(ColorSoftcopyPresentationStateStorage if self.colour else GrayscaleSoftcopyPresentationStateStorage)

    @property
    def instances(self) -> tuple[StoredHeader, ...]:
        """The images, each once."""
        found = {one.stored.reference.instance: one.stored for one in self.frames}
        return tuple(found.values())


def plan_presentations(report: Report) -> tuple[PresentationGroup, ...]:
    """Return the presentation states to build, in the order of the evidence."""
    groups: dict[tuple[object, ...], list[MarkedFrame]] = {}
    for frame in _marked_frames(report):
        groups.setdefault(_shared(frame), []).append(frame)
    return tuple(
        PresentationGroup(frames[0].stored.reference.series, is_colour(frames[0].stored), tuple(frames))
        for frames in groups.values()
    )


def plan_uids(report: Report, new_uid: Callable[[], str]) -> ReportUids:
    """Draw the identifiers of all objects that the report needs."""
    return ReportUids.fresh(len(plan_presentations(report)), new_uid)


def presentation_references(report: Report, uids: ReportUids) -> tuple[InstanceReference, ...]:
    """Return how other objects name the presentation states."""
    groups = plan_presentations(report)
    return tuple(
        InstanceReference(report.study.uid, uids.presentation_series, instance, group.sop_class)
        for group, instance in zip(groups, uids.presentations, strict=True)
    )


def states_by_image(report: Report, uids: ReportUids) -> dict[InstanceUID, InstanceReference]:
    """Return for each marked image the presentation state that shows its marks."""
    references = presentation_references(report, uids)
    return {
        stored.reference.instance: reference
        for group, reference in zip(plan_presentations(report), references, strict=True)
        for stored in group.instances
    }


def is_colour(stored: StoredHeader) -> bool:
    """Whether the image has more than one sample per pixel, or a palette."""
    photometric = stored.header.text("PhotometricInterpretation")
    return (stored.header.integer("SamplesPerPixel") or 1) > 1 or photometric == "PALETTE COLOR"


def _marked_frames(report: Report) -> Sequence[MarkedFrame]:
    found: list[MarkedFrame] = []
    for stored in report.current:
        marks = [one for one in report.annotations if one.instance == stored.reference.instance]
        for frame_index in sorted({one.frame_index for one in marks}):
            drawn = tuple(one for one in marks if one.frame_index == frame_index and graphics(one, stored))
            if drawn:
                found.append(MarkedFrame(stored, frame_index, drawn))
    return found


def _shared(marked: MarkedFrame) -> tuple[object, ...]:
    """Return what the frames of one presentation state must have in common."""
    stored = marked.stored
    frame = stored.frame(marked.frame_index)
    rescale = (frame.rescale_slope, frame.rescale_intercept, frame.rescale_type)
    photometric = stored.header.text("PhotometricInterpretation")
    return stored.reference.series, is_colour(stored), photometric, rescale
