"""How an error or a notice is shown: once, in words, without stealing the focus."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from workstation.errors import WorkstationError
from workstation.shell.labels import plain
from workstation.translations import Translator

_STAY_MS = 12_000


class NoticeBar(QFrame):
    """A line over ``place``, which keeps its size: a notice moves neither a picture nor the row under the pointer.

    Errors stay until they are closed, notices leave by themselves. ``left`` tells the sentence that went and whether
    the reader closed it; one that was replaced by another has not left.
    """

    left = Signal(str, bool)

    def __init__(self, translator: Translator, place: QWidget) -> None:
        super().__init__(place.parentWidget())
        self._place = place
        place.installEventFilter(self)
        self.setObjectName("panel")
        self._translator = translator
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
        """Use another language for what comes next."""
        self._translator = translator

    def show_error(self, error: WorkstationError) -> None:
        """Show the sentence of an error until the reader closes it."""
        self._show(self._translator.error(error), "danger")
        self._timer.stop()

    def show_warning(self, text: str) -> None:
        """Show a sentence that the reader must close."""
        self._show(text, "danger")
        self._timer.stop()

    def show_notice(self, text: str) -> None:
        """Show a sentence for a while."""
        self._show(text, "quiet")
        self._timer.start(_STAY_MS)

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

    def _show(self, text: str, style: str) -> None:
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
