"""The side panel of the queue: one request in full, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.request import Carrier, Request, RequestKey
from workstation.shell.formats import moment
from workstation.shell.labels import plain, selectable
from workstation.translations import Translator

_SECTIONS = ("question", "clinical", "requester", "times", "studies", "first_report")


class RequestDetails(QWidget):
    """Question, clinical information, requester with telephone, times, studies and priors, first report."""

    open_asked = Signal()
    decline_asked = Signal()
    information_asked = Signal()

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._translator = translator
        self._request: Request | None = None
        self._studies_text = ""
        self._captions: dict[str, QLabel] = {}
        self._values: dict[str, QLabel] = {}
        self.first_report = QPlainTextEdit()
        self.first_report.setReadOnly(True)
        self.open, self.decline, self.information = QPushButton(), QPushButton(), QPushButton()
        self.open.setProperty("primary", True)
        self._build()
        self.open.clicked.connect(self.open_asked)
        self.decline.clicked.connect(self.decline_asked)
        self.information.clicked.connect(self.information_asked)
        self.retranslate(translator)
        self.clear()

    def show_request(self, request: Request) -> None:
        """Show one request; its studies and first report follow when the hubs have answered."""
        self._request = request
        self._studies_text = ""
        self.first_report.clear()
        self._refresh()

    def renew(self, request: Request) -> None:
        """Show the same request as it is now; what the hubs told of its studies stays."""
        if self._request is None or self._request.key != request.key:
            self.show_request(request)
        elif self._request != request:
            self._request = request
            self._refresh()

    def show_studies(self, key: RequestKey, text: str) -> None:
        """Show what the hubs say of the studies and priors, if the request is still the chosen one."""
        if self._request is not None and self._request.key == key:
            self._studies_text = text
            self._refresh()

    def show_first_report(self, key: RequestKey, text: str) -> None:
        """Show the text of the first report, if the request is still the chosen one."""
        if self._request is not None and self._request.key == key:
            self.first_report.setPlainText(text)

    def clear(self) -> None:
        """Show nothing."""
        self._request = None
        self.first_report.clear()
        self._refresh()

    def retranslate(self, translator: Translator) -> None:
        """Show the same request in another language."""
        self._translator = translator
        for section, caption in self._captions.items():
            caption.setText(translator.text(f"shell.details.{section}").upper())
        self.open.setText(translator.text("shell.queue.open"))
        self.decline.setText(translator.text("shell.queue.decline"))
        self.information.setText(translator.text("shell.queue.information"))
        self._refresh()

    def hide_caption(self, section: str) -> None:
        """Leave one caption out, where its value is shown elsewhere."""
        self._captions[section].hide()

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(10, 10, 10, 10)
        for section in _SECTIONS:
            self._captions[section] = plain(style="caption")
            column.addWidget(self._captions[section])
            if section == "first_report":
                self.first_report.setMinimumHeight(160)
                column.addWidget(self.first_report, 1)
                continue
            self._values[section] = selectable(style="heading" if section == "question" else "")
            column.addWidget(self._values[section])
            column.addSpacing(6)
        # Where the first report is shown elsewhere, the sections stay together at the top.
        column.addStretch(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(content)
        buttons = QHBoxLayout()
        for button in (self.open, self.information, self.decline):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.addWidget(area, 1)
        layout.addLayout(buttons)

    def _refresh(self) -> None:
        request, words = self._request, self._translator
        for button in (self.open, self.decline, self.information):
            button.setEnabled(request is not None)
        if request is None:
            for label in self._values.values():
                label.clear()
            return
        requester = request.requester
        none = words.text("shell.details.none")
        self._values["question"].setText(request.question or none)
        self._values["clinical"].setText(request.clinical or none)
        lines = (requester.name, requester.organisation, requester.telephone, requester.email)
        self._values["requester"].setText("\n".join(line for line in lines if line))
        self._values["times"].setText(self._times(request))
        self._values["studies"].setText(self._studies_text or self._counts(request))

    def _times(self, request: Request) -> str:
        words = self._translator
        lines = [words.text("shell.details.arrival", moment=moment(request.arrival, words.language))]
        if request.deadline is not None:
            lines.append(words.text("shell.details.deadline", moment=moment(request.deadline, words.language)))
        if request.holder is not None:
            lines.append(words.text("shell.details.holder", holder=request.holder.name))
        if request.carrier is Carrier.REQUEST_SR:
            lines.append(words.text("shell.details.soft_claim"))
        return "\n".join(lines)

    def _counts(self, request: Request) -> str:
        return self._translator.text(
            "shell.details.counts", studies=len(request.studies), priors=len(request.priors), hub=request.hub
        )
