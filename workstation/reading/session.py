"""The state of one open case: the only mutable model of a reading, and the truth that every view shows.

It lives on the window's thread (or on a test's). Everything that must survive is in :meth:`ReadingSession.draft`;
each change of it is announced, and the application saves it at once.
"""

from dataclasses import dataclass, replace

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, ViewportId
from viewers.signal import Signal
from workstation.domain.clock import Clock
from workstation.domain.report import Answers, Draft
from workstation.reading.errors import NoSuchAnnotation


@dataclass(frozen=True, slots=True)
class AnnotationsChanged:
    """All marks as they are now."""

    annotations: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class AnswersChanged:
    """What is written as it is now."""

    answers: Answers


@dataclass(frozen=True, slots=True)
class DraftChanged:
    """The draft as it must be saved now."""

    draft: Draft


class ReadingSession:
    """One draft being worked on: marks, answers, the archived state of the viewports."""

    def __init__(self, draft: Draft, clock: Clock) -> None:
        self._draft = draft
        self._clock = clock
        self.annotations_changed: Signal[AnnotationsChanged] = Signal()
        self.answers_changed: Signal[AnswersChanged] = Signal()
        self.draft_changed: Signal[DraftChanged] = Signal()
        self.active_viewport: ViewportId | None = None

    @property
    def draft(self) -> Draft:
        """The draft as it stands."""
        return self._draft

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """All marks, oldest first."""
        return self._draft.annotations

    @property
    def answers(self) -> Answers:
        """What is written so far."""
        return self._draft.answers

    def annotation(self, identifier: AnnotationId) -> Annotation:
        """Return one mark.

        Raises
        ------
        NoSuchAnnotation
            It has been deleted.
        """
        for mark in self.annotations:
            if mark.id == identifier:
                return mark
        raise NoSuchAnnotation("no annotation of that id")

    def set_annotations(self, annotations: tuple[Annotation, ...]) -> None:
        """Replace the marks and announce it."""
        self._keep(replace(self._draft, annotations=annotations))
        self.annotations_changed.emit(AnnotationsChanged(annotations))

    def set_answers(self, answers: Answers) -> None:
        """Replace what is written and announce it."""
        self._keep(replace(self._draft, answers=answers))
        self.answers_changed.emit(AnswersChanged(answers))

    def set_view_state(self, archived: str) -> None:
        """Keep the archived state of the viewports with the draft."""
        if archived != self._draft.view_state:
            self._keep(replace(self._draft, view_state=archived))

    def set_language(self, language: str) -> None:
        """Choose the language in which the report is written."""
        self._keep(replace(self._draft, language=language))

    def _keep(self, draft: Draft) -> None:
        self._draft = replace(draft, saved=self._clock())
        self.draft_changed.emit(DraftChanged(self._draft))
