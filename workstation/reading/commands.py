"""What the reader intends, as frozen commands: each applies itself to the session and returns its inverse."""

from dataclasses import dataclass, replace
from typing import Protocol

from viewers.annotations.model import Annotation, PointLps
from viewers.identifiers import AnnotationId
from workstation.domain.report import Answers, KeyImage
from workstation.reading.session import ReadingSession


class Command(Protocol):
    """One change of the model. ``apply`` returns the command that takes it back."""

    def apply(self, session: ReadingSession) -> "Command":
        """Change the session and return the inverse."""


@dataclass(frozen=True, slots=True)
class AddAnnotation:
    """Place a finished mark."""

    annotation: Annotation

    def apply(self, session: ReadingSession) -> Command:
        """Add it; the inverse deletes it."""
        session.set_annotations((*session.annotations, self.annotation))
        return DeleteAnnotation(self.annotation.id)


@dataclass(frozen=True, slots=True)
class DeleteAnnotation:
    """Remove a mark."""

    annotation: AnnotationId

    def apply(self, session: ReadingSession) -> Command:
        """Remove it; the inverse puts the same mark back."""
        gone = session.annotation(self.annotation)
        session.set_annotations(tuple(mark for mark in session.annotations if mark.id != self.annotation))
        return AddAnnotation(gone)


@dataclass(frozen=True, slots=True)
class ChangeAnnotation:
    """Give a mark other points or another text."""

    annotation: AnnotationId
    points_lps: tuple[PointLps, ...]
    text: str

    def apply(self, session: ReadingSession) -> Command:
        """Replace it in place; the inverse restores points and text."""
        old = session.annotation(self.annotation)
        new = replace(old, points_lps=self.points_lps, text=self.text)
        session.set_annotations(tuple(new if mark.id == old.id else mark for mark in session.annotations))
        return ChangeAnnotation(old.id, old.points_lps, old.text)


@dataclass(frozen=True, slots=True)
class ToggleKeyImage:
    """Mark an image as a key image, or take the mark away."""

    image: KeyImage

    def apply(self, session: ReadingSession) -> Command:
        """Toggle; the inverse toggles again with the image as it was."""
        same = [
            key
            for key in session.answers.key_images
            if (key.instance, key.frame_index) == (self.image.instance, self.image.frame_index)
        ]
        kept = tuple(key for key in session.answers.key_images if key not in same)
        session.set_answers(replace(session.answers, key_images=kept if same else (*kept, self.image)))
        return ToggleKeyImage(same[0] if same else self.image)


@dataclass(frozen=True, slots=True)
class SetAnswers:
    """Replace what is written, after a pause in typing."""

    answers: Answers

    def apply(self, session: ReadingSession) -> Command:
        """Replace; the inverse restores the text before."""
        old = session.answers
        session.set_answers(self.answers)
        return SetAnswers(old)
