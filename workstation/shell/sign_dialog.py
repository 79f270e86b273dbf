"""Signing: the final document as it will be stored, what was accepted, who signs, the code."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from workstation.domain.reader import Reader
from workstation.shell.labels import plain, selectable
from workstation.shell.pages_view import Page, PagesView
from workstation.translations import Translator


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """What the reader must know before signing; ``code`` is shown only for the demonstration identity."""

    reader: Reader
    target: str
    accepted: Sequence[str] = ()
    demonstration: bool = False
    code: str = ""
    holder: str = ""


class SignDialog(QDialog):
    """Asks for the signing code; the answer is :attr:`code` once the dialog is accepted."""

    def __init__(
        self, words: Translator, facts: SigningFacts, pages: Sequence[Page], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._facts = facts
        self.setWindowTitle(words.text("sign.title"))
        self.resize(1180, 860)
        self.pages = PagesView()
        self.pages.show_pages(pages)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        asked = words.text("sign.passphrase" if facts.holder else "sign.code")
        self.field.setPlaceholderText(asked)
        self.field.setAccessibleName(asked)
        self.problem = plain(style="warning", wrap=True)
        self.confirm, self.back = QPushButton(words.text("sign.confirm")), QPushButton(words.text("sign.back"))
        self.confirm.setProperty("primary", True)
        self._build()
        # Only a button that is in the dialog already can be its default.
        self.back.setAutoDefault(False)
        self.confirm.setDefault(True)
        self.confirm.setEnabled(False)
        self.field.textChanged.connect(lambda text: self.confirm.setEnabled(bool(text)))
        self.confirm.clicked.connect(self._confirm)
        self.back.clicked.connect(self.reject)
        self.field.setFocus()

    @property
    def code(self) -> str:
        """What was typed."""
        return self.field.text()

    @property
    def shown_code(self) -> str:
        """The code that the dialog shows, for the demonstration identity only."""
        return self._facts.code if self._facts.demonstration else ""

    def _build(self) -> None:
        words, facts = self._words, self._facts
        side = QVBoxLayout()
        side.addWidget(plain(words.text("sign.shown"), style="heading", wrap=True))
        side.addWidget(plain(words.text("sign.who").upper(), style="caption"))
        side.addWidget(selectable(f"{facts.reader.display}\n{facts.reader.identifier}\n{facts.reader.organisation}"))
        side.addWidget(plain(words.text("sign.where").upper(), style="caption"))
        side.addWidget(selectable(facts.target))
        if facts.accepted:
            side.addWidget(plain(words.text("sign.accepted").upper(), style="caption"))
            for sentence in facts.accepted:
                side.addWidget(plain(f"• {sentence}", style="warning", wrap=True))
        if facts.holder:
            side.addWidget(plain(words.text("sign.key").upper(), style="caption"))
            side.addWidget(selectable(facts.holder))
        if facts.demonstration and facts.code:
            side.addWidget(plain(words.text("sign.demonstration"), style="danger", wrap=True))
            side.addWidget(plain(words.text("sign.demonstration_code", code=facts.code), style="heading", wrap=True))
        side.addStretch(1)
        side.addWidget(self.problem)
        side.addWidget(self.field)
        buttons = QHBoxLayout()
        buttons.addWidget(self.back)
        buttons.addWidget(self.confirm)
        side.addLayout(buttons)
        panel = QWidget()
        panel.setLayout(side)
        panel.setFixedWidth(360)
        layout = QHBoxLayout(self)
        layout.addWidget(self.pages, 1)
        layout.addWidget(panel)

    def _confirm(self) -> None:
        if self._facts.code and self.code != self._facts.code:
            self.problem.setText(self._words.text("sign.wrong_code"))
            self.field.selectAll()
            return
        self.accept()
