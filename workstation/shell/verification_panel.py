"""The verification panel: integrity, signer, trust, time and coverage on separate lines, never a bare tick."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workstation.shell.labels import plain, selectable
from workstation.signing.verdict import ObjectVerdict
from workstation.translations import Translator


class VerificationPanel(QWidget):
    """Shows verdicts; asks for a file or for the report on the hub to verify."""

    file_asked = Signal()

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self._translator = translator
        self._verdicts: Sequence[tuple[str, ObjectVerdict]] = ()
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._content)
        self.choose = QPushButton()
        self.hint = plain(style="quiet", wrap=True)
        bar = QHBoxLayout()
        bar.addWidget(self.hint, 1)
        bar.addWidget(self.choose)
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addWidget(area, 1)
        self.choose.clicked.connect(self.file_asked)
        self.retranslate(translator)

    def show_verdicts(self, verdicts: Sequence[tuple[str, ObjectVerdict]]) -> None:
        """Show what was verified, each with a title for the reader."""
        self._verdicts = verdicts
        self._refresh()

    def retranslate(self, translator: Translator) -> None:
        """Show the same verdicts in another language."""
        self._translator = translator
        self.choose.setText(translator.text("verify.choose"))
        self.hint.setText(translator.text("verify.hint"))
        self._refresh()

    @property
    def text(self) -> str:
        """All lines shown, for tests."""
        return "\n".join(line for title, verdict in self._verdicts for line in (title, *self._lines(verdict)))

    def _refresh(self) -> None:
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        for place, (title, verdict) in enumerate(self._verdicts):
            self._column.insertWidget(place, self._card(title, verdict))

    def _card(self, title: str, verdict: ObjectVerdict) -> QFrame:
        card = QFrame()
        card.setObjectName("panel")
        column = QVBoxLayout(card)
        state = "valid" if verdict.valid else "invalid"
        column.addWidget(plain(title, style="caption"))
        column.addWidget(
            plain(self._translator.text(f"verify.{state}"), style="heading" if verdict.valid else "danger", wrap=True)
        )
        for line in self._lines(verdict):
            column.addWidget(selectable(line))
        return card

    def _lines(self, verdict: ObjectVerdict) -> list[str]:
        return [self._translator.text(sentence.key, **sentence.details) for sentence in verdict.sentences()]
