"""The state of one open case: the only mutable model of a reading, and the truth that every view shows.

It lives on the window's thread (or on a test's). Everything that must survive is in :meth:`ReadingSession.draft`;
each change of it is announced, and the application saves it at once.
"""

from dataclasses import dataclass, replace

from viewers.annotations.model import Annotation
from viewers.identifiers import ViewportId
from viewers.signal import Signal
from workstation.domain.clock import Clock
from workstation.domain.report import Answers, Draft
from workstation.reading.errors import BeingSigned


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
        self._is_being_signed = False
        self.annotations_changed: Signal[AnnotationsChanged] = Signal()
        self.answers_changed: Signal[AnswersChanged] = Signal()
        self.draft_changed: Signal[DraftChanged] = Signal()
        self.being_signed_changed: Signal[bool] = Signal()
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

    @property
    def is_being_signed(self) -> bool:
        """Whether nothing may change because a signature is being made."""
        return self._is_being_signed

    def take(self, draft: Draft) -> None:
        """Go on with other words or marks, and announce what is other.

        Raises
        ------
        BeingSigned
            While the report is being signed.
        """
        before = self._draft
        if draft == before:
            return
        self._refuse_while_signed()
        self._keep(draft)
        if draft.annotations != before.annotations:
            self.annotations_changed.emit(AnnotationsChanged(draft.annotations))
        if draft.answers != before.answers:
            self.answers_changed.emit(AnswersChanged(draft.answers))

    def set_being_signed(self, is_being_signed: bool) -> None:
        """Let nothing change from here on, or let it change again."""
        if is_being_signed != self._is_being_signed:
            self._is_being_signed = is_being_signed
            self.being_signed_changed.emit(is_being_signed)

    def set_view_state(self, archived: str) -> None:
        """Keep the archived state of the viewports with the draft; not while it is signed, when it may not change."""
        if archived != self._draft.view_state and not self._is_being_signed:
            self._keep(replace(self._draft, view_state=archived))

    def set_language(self, language: str) -> None:
        """Choose the language in which the report is written; raises as ``take``."""
        self._refuse_while_signed()
        self._keep(replace(self._draft, language=language))

    def _refuse_while_signed(self) -> None:
        if self._is_being_signed:
            raise BeingSigned("a change while the report is signed")

    def _keep(self, draft: Draft) -> None:
        self._draft = replace(draft, saved=self._clock())
        self.draft_changed.emit(DraftChanged(self._draft))
