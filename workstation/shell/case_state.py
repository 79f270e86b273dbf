"""What the bar of the reading page says of the open case: saved or not, being signed, which way through its history."""

from datetime import datetime

from viewers.signal import Connection
from workstation.domain.report import History
from workstation.reading.session import ReadingSession
from workstation.shell.reading_acts import ReadingActs
from workstation.shell.reading_bar import ReadingBar
from workstation.translations import Translator


class CaseState:
    """Follows one session at a time and shows its state in the bar."""

    def __init__(self, bar: ReadingBar, acts: ReadingActs, words: Translator) -> None:
        self._bar = bar
        self._acts = acts
        self._words = words
        self._session: ReadingSession | None = None
        self._connections: list[Connection] = []
        self._saved: datetime | None = None
        self._trouble = ""
        self._show()

    def open_case(self, session: ReadingSession) -> None:
        """Follow a session, whose draft is saved."""
        self._session = session
        self._saved, self._trouble = session.draft.saved, ""
        self._connections = [
            session.draft_changed.connect(lambda _change: self._show_history()),
            session.being_signed_changed.connect(lambda _is_being_signed: self._show()),
        ]
        self._show()

    def close_case(self) -> None:
        """Follow nothing."""
        for connection in self._connections:
            connection.disconnect()
        self._connections = []
        self._session = self._saved = None
        self._trouble = ""
        self._show()

    def show_saved(self, moment: datetime) -> None:
        """Show when the draft was last kept."""
        self._saved, self._trouble = moment, ""
        self._show_text()

    def show_unsaved(self, sentence: str) -> None:
        """Show that the last change could not be kept, and why."""
        self._trouble = sentence
        self._show_text()

    def retranslate(self, words: Translator) -> None:
        """Say the same in another language."""
        self._words = words
        self._show_text()

    @property
    def _is_being_signed(self) -> bool:
        return self._session is not None and self._session.is_being_signed

    def _show(self) -> None:
        if self._is_being_signed:
            self._acts.act("window")
        self._bar.show_marking(not self._is_being_signed)
        self._show_history()
        self._show_text()

    def _show_history(self) -> None:
        is_open = self._session is not None and not self._is_being_signed
        history = self._session.draft.history if self._session is not None else History()
        self._bar.show_history(can_undo=is_open and bool(history.done), can_redo=is_open and bool(history.taken_back))

    def _show_text(self) -> None:
        words = self._words
        if self._is_being_signed:
            self._bar.show_state(words.text("reading_page.being_signed"), is_trouble=True)
        elif self._trouble:
            self._bar.show_state(words.text("reading_page.unsaved", why=self._trouble), is_trouble=True)
        elif self._saved is None:
            self._bar.show_state("")
        else:
            time = self._saved.astimezone().strftime("%H:%M:%S")
            self._bar.show_state(words.text("reading_page.saved", time=time))
