"""The hanging protocols of the case on the reading page: steps by key, and the menu of those that fit."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workstation.reading.views import Views
from workstation.shell.protocol_hanging import ProtocolHanging
from workstation.shell.protocol_menu import protocol_menu, step_words
from workstation.shell.reading_acts import ReadingActs
from workstation.shell.viewport_board import ViewportBoard
from workstation.translations import Translator


class PageProtocols:
    """Follows one open case; ``tell`` gives the reader a sentence."""

    def __init__(
        self,
        page: QWidget,
        board: ViewportBoard,
        acts: ReadingActs,
        hanging: ProtocolHanging,
        tell: Callable[[str], None],
        words: Callable[[], Translator],
    ) -> None:
        self._page = page
        self._board = board
        self._hanging = hanging
        self._tell = tell
        self._words = words
        self._views: Views | None = None
        acts.protocol_stepped.connect(self._step)
        acts.protocols_asked.connect(self._show_menu)

    def open_case(self, views: Views) -> None:
        """Step through the protocols of a case from now on."""
        self._views = views

    def close_case(self) -> None:
        """Let go of the case."""
        self._views = None

    def _step(self, steps: int) -> None:
        if self._views is None or not self._hanging.step_on(steps):
            self._tell(self._words().text("reading_page.protocol.none"))
            return
        hung = self._hanging.hung
        if hung is not None and self._views.step is not None:
            self._tell(step_words(hung, self._views.step, self._words()))

    def _show_menu(self) -> None:
        menu = protocol_menu(self._hanging, self._words(), self._page)
        menu.popup(self._board.mapToGlobal(self._board.rect().center()))
