"""Which objects of a case are shown on its images: frozen, chosen by the reader, applied nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from viewers.graphics.model import Layer
from viewers.graphics.presentation import PresentationState
from viewers.graphics.segments import Segment, Segmentation
from viewers.identifiers import InstanceUID, StudyUID
from workstation.dicom.objects.model import KeySelection, ReadObject


@dataclass(frozen=True, slots=True)
class ShownObjects:
    """The objects of a case, which of their parts the reader has ticked, and the presentation state applied.

    Marks of reports are ticked from the start: they are small and evidence. Segments and contours cover pixels, and
    wait until they are asked for.
    """

    objects: tuple[ReadObject, ...] = ()
    ticked: frozenset[str] = frozenset()
    applied: InstanceUID | None = None

    def with_objects(self, found: Sequence[ReadObject]) -> "ShownObjects":
        """Return the case with further objects; those known already stay as they are."""
        known = {one.reference.instance for one in self.objects}
        fresh = tuple(one for one in found if one.reference.instance not in known)
        marks = frozenset(layer.id for one in fresh if one.kind == "report" for layer in one.layers)
        return replace(self, objects=self.objects + fresh, ticked=self.ticked | marks)

    def without_study(self, study: StudyUID) -> "ShownObjects":
        """Return the case without the objects of a study, which are not to be shown."""
        kept = tuple(one for one in self.objects if one.reference.study != study)
        return replace(self, objects=kept)

    def with_ticked(self, parts: Sequence[str], is_ticked: bool) -> "ShownObjects":
        """Return the case with parts shown or hidden."""
        changed = frozenset(parts)
        return replace(self, ticked=self.ticked | changed if is_ticked else self.ticked - changed)

    def with_applied(self, instance: InstanceUID | None) -> "ShownObjects":
        """Return the case with one presentation state applied, or none."""
        return replace(self, applied=instance)

    @property
    def presentation(self) -> PresentationState | None:
        """The presentation state applied."""
        states = (one.presentation for one in self.objects if one.reference.instance == self.applied)
        return next(states, None)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The drawings shown: those ticked, and those of the presentation state applied."""
        own = tuple(layer for one in self.objects for layer in one.layers if layer.id in self.ticked)
        state = self.presentation
        return own if state is None else own + state.layers

    @property
    def segmentations(self) -> tuple[Segmentation, ...]:
        """The segments shown, object by object."""
        found = []
        for one in self.objects:
            if one.segmentation is not None:
                kept = tuple(segment for segment in one.segmentation.segments if segment.id in self.ticked)
                if kept:
                    found.append(Segmentation(one.segmentation.frame_of_reference, kept))
        return tuple(found)

    @property
    def key_selections(self) -> tuple[KeySelection, ...]:
        """What others pointed out or rejected."""
        return tuple(one.key_images for one in self.objects if one.key_images is not None)


def parts_of(shown: ReadObject) -> tuple[Layer | Segment, ...]:
    """Return what of an object can be shown or hidden by itself."""
    segments = () if shown.segmentation is None else shown.segmentation.segments
    return (*shown.layers, *segments)
