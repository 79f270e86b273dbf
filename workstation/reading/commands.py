"""What the reader intends, as frozen commands: each tells by which steps it changes a draft."""

from dataclasses import dataclass, replace
from typing import Protocol

from viewers.annotations.model import Annotation, PointLps
from viewers.identifiers import AnnotationId
from workstation.domain.report import Answers, Draft, KeyImage, MarkChange, PartChange
from workstation.reading.errors import NoSuchAnnotation
from workstation.reading.history import changed, changes_of_answers, typed


class Command(Protocol):
    """One act of the reader."""

    def apply(self, draft: Draft) -> Draft:
        """Return the draft after it, with its steps in the history; the same draft where nothing changes."""


@dataclass(frozen=True, slots=True)
class AddAnnotation:
    """Place a finished mark."""

    annotation: Annotation

    def apply(self, draft: Draft) -> Draft:
        """Add it after the others."""
        return changed(draft, (MarkChange(len(draft.annotations), None, self.annotation),))


@dataclass(frozen=True, slots=True)
class DeleteAnnotation:
    """Remove a mark."""

    annotation: AnnotationId

    def apply(self, draft: Draft) -> Draft:
        """Remove it; taken back, the same mark stands at the same place.

        Raises
        ------
        NoSuchAnnotation
            It has been deleted.
        """
        place = _place(draft, self.annotation)
        return changed(draft, (MarkChange(place, draft.annotations[place], None),))


@dataclass(frozen=True, slots=True)
class ChangeAnnotation:
    """Give a mark other points or another text."""

    annotation: AnnotationId
    points_lps: tuple[PointLps, ...]
    text: str

    def apply(self, draft: Draft) -> Draft:
        """Replace it in place; raises as ``DeleteAnnotation``."""
        place = _place(draft, self.annotation)
        old = draft.annotations[place]
        new = replace(old, points_lps=self.points_lps, text=self.text)
        return draft if new == old else changed(draft, (MarkChange(place, old, new),))


@dataclass(frozen=True, slots=True)
class ToggleKeyImage:
    """Mark an image as a key image, or take the mark away."""

    image: KeyImage

    def apply(self, draft: Draft) -> Draft:
        """Add it after the others, or remove it."""
        present = draft.answers.key_images
        here = (self.image.instance, self.image.frame_index)
        kept = tuple(key for key in present if (key.instance, key.frame_index) != here)
        after = kept if len(kept) < len(present) else (*present, self.image)
        return changed(draft, (PartChange("key_images", present, after),))


@dataclass(frozen=True, slots=True)
class SetAnswers:
    """Replace what is written, after a pause in typing; ``is_undo`` where a text field has taken something back."""

    answers: Answers
    is_undo: bool = False

    def apply(self, draft: Draft) -> Draft:
        """Replace it, with a step for each section and part that differs."""
        return typed(draft, changes_of_answers(draft.answers, self.answers), is_undo=self.is_undo)


def _place(draft: Draft, identifier: AnnotationId) -> int:
    for place, mark in enumerate(draft.annotations):
        if mark.id == identifier:
            return place
    raise NoSuchAnnotation("no annotation of that id")
