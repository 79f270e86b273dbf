"""What is on screen in one viewport: a content, and its plane in the logical pixels that the pointer moves in."""

from dataclasses import dataclass

from viewers.annotations.calibration import CALIBRATION
from viewers.annotations.model import Annotation
from viewers.geometry.frame import dot
from viewers.qt.content import ViewportContent
from viewers.tools.view_plane import ViewPlane

_SAME_PLANE_MM = 1e-3
_SAME_NORMAL_COSINE = 1.0 - 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A content as it lies on the screen."""

    content: ViewportContent
    view: ViewPlane

    def is_same_slice(self, before: "Seen | None") -> bool:
        """Whether a mark in hand still lies in the picture; its points must not end on two slices."""
        if before is None:
            return False
        shown, old = self.content.resolved, before.content.resolved
        return (
            self.content.volume is before.content.volume
            and shown.slice_index == old.slice_index
            and abs(shown.plane.distance_mm(old.plane.origin_lps)) < _SAME_PLANE_MM
            and abs(dot(shown.plane.normal, old.plane.normal)) > _SAME_NORMAL_COSINE
        )

    def measures_like(self, before: "Seen | None") -> bool:
        """Whether marks measure what they measured before: the same voxels, calibrated in the same way."""
        if before is None:
            return False
        content, old = self.content, before.content
        return (
            content.volume is old.volume
            and content.revision == old.revision
            and _calibrations(content) == _calibrations(old)
        )


def _calibrations(content: ViewportContent) -> tuple[Annotation, ...]:
    return tuple(one for one in content.annotations if one.tool == CALIBRATION)
