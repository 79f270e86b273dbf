"""How an error or a notice is shown: once, in words, without stealing the focus."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from workstation.errors import WorkstationError
from workstation.shell.labels import plain
from workstation.translations import Translator

CASE = "case"
"""What is said of one patient must not stand over the images of the next."""
_STAY_MS = 12_000


class NoticeBar(QFrame):
    """A line over ``place``, which keeps its size: a notice moves neither a picture nor the row under the pointer.

    Errors stay until they are closed, or until what they are ``about`` is there no more; notices leave by themselves.
    ``left`` tells the sentence that went and whether the reader closed it; one that was replaced by another has not
    left.
    """

    left = Signal(str, bool)

    def __init__(self, translator: Translator, place: QWidget) -> None:
        super().__init__(place.parentWidget())
        self._place = place
        place.installEventFilter(self)
        self.setObjectName("panel")
        self._translator = translator
        self._error: WorkstationError | None = None
        self._about = ""
        self._label = plain(wrap=True)
        self._close = QPushButton("×")
        self._close.setFixedWidth(32)
        self._close.clicked.connect(self._closed_by_reader)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(self._label, 1)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._left_by_itself)
        self.hide()

    def retranslate(self, translator: Translator) -> None:
        """Show an error in another language, and use it for what comes next."""
        self._translator = translator
        if self._error is not None:
            self._label.setText(translator.error(self._error))
            self._lie_over_place()

    def show_error(self, error: WorkstationError, about: str = "") -> None:
        """Show the sentence of an error until the reader closes it, or it is taken off."""
        self._show(self._translator.error(error), "danger", about)
        self._error = error
        self._timer.stop()

    def show_warning(self, text: str, about: str = "") -> None:
        """Show a sentence that the reader must close, unless it is taken off."""
        self._show(text, "danger", about)
        self._timer.stop()

    def show_notice(self, text: str, about: str = "") -> None:
        """Show a sentence for a while."""
        self._show(text, "quiet", about)
        self._timer.start(_STAY_MS)

    def take_off(self, about: str) -> None:
        """Show nothing more about something that is on the screen no longer."""
        if self.text and self._about == about:
            self._left_by_itself()

    def take_off_errors(self, is_past: Callable[[WorkstationError], bool]) -> None:
        """Show an error no more that ``is_past``."""
        if self.text and self._error is not None and is_past(self._error):
            self._left_by_itself()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay where the place is."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._lie_over_place()
        return super().eventFilter(watched, event)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._label.text() if self.isVisible() else ""

    def _closed_by_reader(self) -> None:
        self.hide()
        self.left.emit(self._label.text(), True)

    def _left_by_itself(self) -> None:
        self.hide()
        self.left.emit(self._label.text(), False)

    def _show(self, text: str, style: str, about: str = "") -> None:
        self._error, self._about = None, about
        for name in ("danger", "quiet"):
            self._label.setProperty(name, name == style)
        self._label.style().unpolish(self._label)
        self._label.style().polish(self._label)
        self._label.setText(text)
        self._lie_over_place()
        self.show()
        self.raise_()

    def _lie_over_place(self) -> None:
        place = self._place.geometry()
        height = max(place.height(), self.heightForWidth(place.width()))
        self.setGeometry(place.x(), place.y(), place.width(), height)
