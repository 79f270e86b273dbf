"""The editor of one report: the template's sections in order, agreement, critical result, language, checks.

It keeps nothing that must survive: each pause in typing is emitted as the whole answers, and what is shown follows
the session.
"""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.report import Answers
from workstation.report.checks import Check
from workstation.report.template import SectionSpec, Template
from workstation.shell.agreement_box import AgreementBox
from workstation.shell.checks_list import ChecksList
from workstation.shell.critical_box import CriticalBox
from workstation.shell.labels import plain
from workstation.shell.section_edit import SectionEdit
from workstation.translations import Translator

PAUSE_MS = 700
# Who types without a pause loses no more than this.
LONGEST_MS = 10_000


class ReportEditor(QWidget):
    """Edits answers.

    Signals
    -------
    answers_changed
        All answers, at each pause in typing, and whether a field has taken something back by itself.
    undo_asked, redo_asked
        The section in which the reader wants more taken back, or done again, than its field remembers.
    """

    answers_changed = Signal(object, bool)
    undo_asked = Signal(str)
    redo_asked = Signal(str)
    language_chosen = Signal(str)
    check_asked = Signal()
    sign_asked = Signal()

    def __init__(self, translator: Translator, template: Template, languages: tuple[str, ...]) -> None:
        super().__init__()
        self._translator = translator
        self._template = template
        self._answers = Answers()
        self._filling = False
        self._language = translator.language
        self._modalities: tuple[str, ...] = ()
        self.fields: dict[str, SectionEdit] = {}
        self._titles: dict[str, QLabel] = {}
        self.agreement = AgreementBox(translator)
        self.critical = CriticalBox(translator)
        self.checks = ChecksList(translator)
        self.language = QComboBox()
        for code in languages:
            self.language.addItem(code.upper(), code)
        self.sign = QPushButton()
        self.sign.setProperty("primary", True)
        self.check = QPushButton()
        self._area = QScrollArea()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.flush)
        self._longest = QTimer(self)
        self._longest.setSingleShot(True)
        self._longest.timeout.connect(self.flush)
        self._build()
        self._connect()
        self.retranslate(translator)
        self.setEnabled(False)

    def show_answers(self, answers: Answers, language: str, modalities: tuple[str, ...]) -> None:
        """Show what is written; a field the reader is typing in keeps its cursor."""
        self._answers, self._modalities = answers, modalities
        self._filling = True
        for section, field in self.fields.items():
            text = answers.sections.get(section, "")
            field.show_text(text)
        self.agreement.show_agreement(answers.agreement)
        self.critical.show_critical(answers.critical)
        self._language = language
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self._filling = False
        self._name_sections()
        self.setEnabled(True)

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """List what is to be mended before signing."""
        self.checks.show_checks(checks)

    def clear(self) -> None:
        """Show nothing, and keep nothing of this case for the next one; nothing can be typed."""
        self._filling = True
        self.agreement.clear()
        self.critical.clear()
        self.checks.clear()
        self._stop_waiting()
        self.show_answers(Answers(), self._language, ())
        self.setEnabled(False)

    def flush(self) -> None:
        """Emit what has been typed since the last pause, now."""
        self._stop_waiting()
        answers = self._current()
        if answers != self._answers:
            is_undo = self._is_taken_back(answers)
            self._answers = answers
            self.answers_changed.emit(answers, is_undo)

    def jump(self, section: str) -> None:
        """Put the cursor where a check says that something is missing."""
        places: Mapping[str, QWidget] = {
            **self.fields,
            "agreement": self.agreement.grade,
            "critical": self.critical.enabled,
        }
        widget = places.get(section)
        if widget is not None:
            self._area.ensureWidgetVisible(widget)
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self, translator: Translator) -> None:
        """Show the editor's own words in another language; the report keeps its own."""
        self._translator = translator
        for part in (self.agreement, self.critical, self.checks):
            part.retranslate(translator)
        self.sign.setText(translator.text("editor.sign"))
        self.check.setText(translator.text("editor.check"))
        self.language.setToolTip(translator.text("editor.language"))
        self.language.setAccessibleName(translator.text("editor.language"))
        self._name_sections()

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        for section in self._template.sections:
            if section.id == "agreement":
                column.addWidget(self.agreement)
                continue
            self._titles[section.id] = plain(style="caption")
            self.fields[section.id] = SectionEdit(4 if section.id == "findings" else 2)
            column.addWidget(self._titles[section.id])
            column.addWidget(self.fields[section.id])
        column.addWidget(self.critical)
        column.addStretch(1)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(content)
        bar = QHBoxLayout()
        bar.addWidget(self.language)
        bar.addStretch(1)
        bar.addWidget(self.check)
        bar.addWidget(self.sign)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.checks)
        layout.addLayout(bar)

    def _connect(self) -> None:
        for section, field in self.fields.items():
            field.textChanged.connect(self._typed)
            field.left.connect(self.flush)
            field.undo_asked.connect(lambda section=section: self.undo_asked.emit(section))
            field.redo_asked.connect(lambda section=section: self.redo_asked.emit(section))
        for line in self._lines():
            line.editingFinished.connect(self.flush)
        self.agreement.changed.connect(self._typed)
        self.critical.changed.connect(self._typed)
        self.checks.jump_asked.connect(self.jump)
        self.language.activated.connect(lambda _index: self.language_chosen.emit(self.language.currentData()))
        self.check.clicked.connect(self._ask_checks)
        self.sign.clicked.connect(self._ask_sign)

    def _typed(self) -> None:
        if not self._filling:
            self._pause.start(PAUSE_MS)
            if not self._longest.isActive():
                self._longest.start(LONGEST_MS)

    def _stop_waiting(self) -> None:
        self._pause.stop()
        self._longest.stop()

    def _lines(self) -> list[QLineEdit]:
        return [*self.agreement.findChildren(QLineEdit), *self.critical.findChildren(QLineEdit)]

    def _is_taken_back(self, answers: Answers) -> bool:
        before = self._answers.sections
        other = (field for name, field in self.fields.items() if answers.sections.get(name) != before.get(name))
        if any(field.document().isRedoAvailable() for field in other):
            return True
        is_other = (answers.agreement, answers.critical) != (self._answers.agreement, self._answers.critical)
        return is_other and any(line.isRedoAvailable() for line in self._lines())

    def _ask_checks(self) -> None:
        self.flush()
        self.check_asked.emit()

    def _ask_sign(self) -> None:
        self.flush()
        self.sign_asked.emit()

    def _current(self) -> Answers:
        sections = dict(self._answers.sections)
        for section, field in self.fields.items():
            text = field.toPlainText()
            if text or section in sections:
                sections[section] = text
        return replace(
            self._answers,
            sections=sections,
            agreement=self.agreement.agreement,
            critical=self.critical.critical,
        )

    def _name_sections(self) -> None:
        for section in self._template.sections:
            title = self._titles.get(section.id)
            if title is not None:
                title.setText(self._title(section))
                field = self.fields[section.id]
                field.setPlaceholderText(section.hint.text(self._language))
                field.setAccessibleName(section.title.text(self._language))

    def _title(self, section: SectionSpec) -> str:
        mark = " *" if section.is_required(self._modalities) else ""
        return section.title.text(self._language).upper() + mark
