"""Which objects of a case are shown on its images: frozen, chosen by the reader, applied nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from viewers.graphics.model import Layer
from viewers.graphics.presentation import PresentationState
from viewers.graphics.segments import Segment, Segmentation
from viewers.identifiers import InstanceUID, StudyUID
from workstation.dicom.objects.model import KeySelection, ReadObject

# Kinds of objects that a reader reads from beginning to end.
_REPORTS = ("pdf", "cda", "report")


@dataclass(frozen=True, slots=True)
class ChosenObjects:
    """What the reader chose of the objects that he has seen, as it is kept with the draft.

    ``known`` are the instances of those objects, ``ticked`` the parts drawn, ``applied`` the presentation state.
    """

    known: frozenset[str] = frozenset()
    ticked: frozenset[str] = frozenset()
    applied: InstanceUID | None = None

    def write(self) -> dict[str, object]:
        """Return the choice as values of JSON."""
        return {"known": sorted(self.known), "ticked": sorted(self.ticked), "applied": self.applied}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "ChosenObjects":
        """Read what ``write`` gave, or nothing; raises ``KeyError`` or ``TypeError`` on anything else."""
        if not content:
            return cls()
        applied = content["applied"]
        return cls(
            frozenset(map(str, content["known"])),
            frozenset(map(str, content["ticked"])),
            None if applied is None else InstanceUID(str(applied)),
        )


@dataclass(frozen=True, slots=True)
class ShownObjects:
    """The objects of a case, which of their parts the reader has ticked, and the presentation state applied.

    Marks of reports are ticked from the start: they are small and evidence. Segments and contours cover pixels, and
    wait until they are asked for. ``is_read`` once the objects of a study have been looked for.
    """

    objects: tuple[ReadObject, ...] = ()
    ticked: frozenset[str] = frozenset()
    applied: InstanceUID | None = None
    is_read: bool = False

    def with_objects(self, found: Sequence[ReadObject], kept: ChosenObjects | None = None) -> "ShownObjects":
        """Return the case with further objects, as ``kept`` chose of them; those here already stay as they are."""
        here = {one.reference.instance for one in self.objects}
        fresh = tuple(one for one in found if one.reference.instance not in here)
        kept = kept or ChosenObjects()
        unseen = (one for one in fresh if one.kind == "report" and one.reference.instance not in kept.known)
        ticked = {layer.id for one in unseen for layer in one.layers}
        ticked |= {part.id for one in fresh for part in parts_of(one) if part.id in kept.ticked}
        applied = self.applied
        if applied is None and any(one.reference.instance == kept.applied for one in fresh):
            applied = kept.applied
        return replace(self, objects=self.objects + fresh, ticked=self.ticked | ticked, applied=applied, is_read=True)

    def chosen(self, before: ChosenObjects) -> ChosenObjects:
        """Return what is chosen now, with what was chosen ``before`` of objects that are not here yet."""
        here = frozenset(one.reference.instance for one in self.objects)
        own = {part.id for one in self.objects for part in parts_of(one)}
        absent = before.applied if before.applied not in here else None
        return ChosenObjects(before.known | here, (before.ticked - own) | self.ticked, self.applied or absent)

    @property
    def reports(self) -> tuple[tuple[StudyUID, InstanceUID], ...]:
        """The study and the instance of each object that is a report to be read."""
        found = (one.reference for one in self.objects if one.kind in _REPORTS)
        return tuple((reference.study, reference.instance) for reference in found)

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
