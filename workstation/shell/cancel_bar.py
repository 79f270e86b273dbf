"""The line that tells that the requester wishes a request cancelled, with two answers; it never takes the focus."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workstation.domain.patient import PersonName
from workstation.domain.request import CancelRequest, Request
from workstation.shell.labels import plain
from workstation.translations import Translator


class CancelBar(QFrame):
    """Shows one wish at a time, until the reader answers it or the request ends.

    Signals
    -------
    accepted, refused
        The request that is to be cancelled, or gone on with.
    """

    accepted = Signal(object)
    refused = Signal(object)

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._translator = translator
        self._request: Request | None = None
        self._wish: CancelRequest | None = None
        self._label = plain(style="warning", wrap=True)
        self.accept, self.go_on = QPushButton(), QPushButton()
        self.accept.clicked.connect(lambda: self.accepted.emit(self._request))
        self.go_on.clicked.connect(lambda: self.refused.emit(self._request))
        buttons = QHBoxLayout()
        buttons.addWidget(self.accept)
        buttons.addWidget(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.addWidget(self._label)
        column.addLayout(buttons)
        self.retranslate(translator)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown."""
        return self._label.text() if self._request is not None else ""

    def show_wish(self, request: Request | None, wish: CancelRequest | None) -> None:
        """Show who wishes what; nothing without a wish."""
        self._request, self._wish = (request, wish) if request is not None and wish is not None else (None, None)
        self._refresh()

    def retranslate(self, translator: Translator) -> None:
        """Show the same wish in another language."""
        self._translator = translator
        self.accept.setText(translator.text("cancellation.accept"))
        self.go_on.setText(translator.text("cancellation.go_on"))
        self._refresh()

    def _refresh(self) -> None:
        request, wish, words = self._request, self._wish, self._translator
        if request is None or wish is None:
            self.hide()
            return
        question = request.question.splitlines()[0] if request.question else "–"
        patient = request.patient.name.display or request.patient.patient_id
        reason = wish.reason or "–"
        asked = words.text("cancellation.asked", patient=patient, question=question, reason=reason)
        name = PersonName.parse(wish.name).display
        who = words.text("cancellation.asked_by", name=name, contact=wish.contact).strip()
        self._label.setText(" · ".join(part for part in (asked, who) if part))
        self.show()
