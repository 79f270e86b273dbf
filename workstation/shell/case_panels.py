"""Side panels of a case: the request in full, and the first report beside the images."""

from collections.abc import Sequence

from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from workstation.domain.request import Request
from workstation.reading.errors import SomeoneElsesReport
from workstation.shell.case_loader import ReadFirstReport
from workstation.shell.formats import dicom_date
from workstation.shell.labels import plain, selectable
from workstation.shell.pages_view import Page, PagesView
from workstation.shell.queue_details import RequestDetails
from workstation.translations import Translator


class RequestPanel(RequestDetails):
    """The request as in the queue, without the buttons."""

    def __init__(self, translator: Translator) -> None:
        super().__init__(translator)
        for button in (self.open, self.decline, self.information):
            button.hide()
        self.first_report.hide()
        self.hide_caption("first_report")

    def show_case(self, request: Request | None) -> None:
        """Show the request of the case, or nothing."""
        if request is None:
            self.clear()
        else:
            self.show_request(request)


class FirstReportPanel(QWidget):
    """The first report: its text, or its pages; who wrote it and when."""

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self.author = selectable(style="quiet")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.pages = PagesView()
        self._empty = plain(style="quiet", wrap=True)
        self.refused = plain(style="danger", wrap=True)
        self._stack = QStackedWidget()
        for widget in (self._empty, self.refused, self.text, self.pages):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.author)
        layout.addWidget(self._stack, 1)
        self.retranslate(translator)

    def show_found(self, found: Sequence[ReadFirstReport], words: Translator, *, has_strangers: bool = False) -> None:
        """Show the first of the reports that were read, or that there is none, or none but of someone else."""
        if not found:
            self.clear()
            if has_strangers:
                self._stack.setCurrentWidget(self.refused)
            return
        first = found[0]
        date = dicom_date(first.report.date, words.language)
        author = " · ".join(part for part in (first.report.author, date) if part)
        if first.pages:
            self.show_pages(author, first.pages)
        else:
            self.show_text(author, first.text)

    def show_text(self, author: str, text: str) -> None:
        """Show a structured report as text."""
        self.author.setText(author)
        self.text.setPlainText(text)
        self._stack.setCurrentWidget(self.text)

    def show_pages(self, author: str, pages: Sequence[Page]) -> None:
        """Show a document as its pages."""
        self.author.setText(author)
        self.pages.show_pages(pages)
        self._stack.setCurrentWidget(self.pages)

    def clear(self) -> None:
        """Show that there is none."""
        self.author.clear()
        self.text.clear()
        self.pages.show_pages(())
        self._stack.setCurrentWidget(self._empty)

    def retranslate(self, translator: Translator) -> None:
        """Show the panel's own words in another language."""
        self._empty.setText(translator.text("case.no_first_report"))
        self.refused.setText(translator.error(SomeoneElsesReport("left out")))
