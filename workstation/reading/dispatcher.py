"""Runs commands on a session, and leads it back and forth through its history."""

from collections.abc import Callable

from workstation.domain.report import Change, Draft
from workstation.reading.commands import Command
from workstation.reading.errors import StepDoesNotFit
from workstation.reading.history import redone, undone, without_history
from workstation.reading.session import ReadingSession


class Dispatcher:
    """The only way in which a reading changes: one command at a time, on the thread of the model.

    Every method raises ``BeingSigned`` while the report is being signed.
    """

    def __init__(self, session: ReadingSession) -> None:
        self._session = session

    @property
    def session(self) -> ReadingSession:
        """What it changes."""
        return self._session

    def dispatch(self, command: Command) -> None:
        """Apply ``command``; what had been undone cannot be redone after it."""
        self._session.take(command.apply(self._session.draft))

    def undo(self) -> Change | None:
        """Take the last step back and return it; ``None`` when there is none.

        Raises
        ------
        StepDoesNotFit
            The history does not lead to what is there; it is forgotten, so that nothing is undone wrongly.
        """
        done = self._session.draft.history.done
        return done[-1].change if self._went(undone) else None

    def redo(self) -> Change | None:
        """Do again what was taken back last and return it; ``None`` when there is nothing; raises as ``undo``."""
        taken_back = self._session.draft.history.taken_back
        return taken_back[0].change if self._went(redone) else None

    def _went(self, way: Callable[[Draft], Draft | None]) -> bool:
        draft = self._session.draft
        try:
            found = way(draft)
        except StepDoesNotFit:
            self._session.take(without_history(draft))
            raise
        if found is not None:
            self._session.take(found)
        return found is not None
