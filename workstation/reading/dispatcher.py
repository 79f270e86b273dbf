"""Runs commands on a session and keeps their inverses, for undo and redo."""

from workstation.reading.commands import Command
from workstation.reading.session import ReadingSession

_DEPTH = 200


class Dispatcher:
    """The only way in which a reading changes: one command at a time, on the thread of the model."""

    def __init__(self, session: ReadingSession) -> None:
        self._session = session
        self._undo: list[Command] = []
        self._redo: list[Command] = []

    def dispatch(self, command: Command) -> None:
        """Apply ``command``; what had been undone cannot be redone after it."""
        self._undo.append(command.apply(self._session))
        del self._undo[:-_DEPTH]
        self._redo.clear()

    def undo(self) -> bool:
        """Take the last command back; false when there is none."""
        return self._step(self._undo, self._redo)

    def redo(self) -> bool:
        """Apply again what was taken back last; false when there is nothing."""
        return self._step(self._redo, self._undo)

    def _step(self, source: list[Command], target: list[Command]) -> bool:
        if not source:
            return False
        target.append(source.pop().apply(self._session))
        return True
