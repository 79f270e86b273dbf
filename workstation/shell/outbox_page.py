"""The outbox page: every signed object, where it is going, each step it has taken, and what may be decided about it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from workstation.domain.delivery import SETTLED, Completion, Delivery
from workstation.domain.delivery_acts import DeliveryAct, allowed_acts
from workstation.domain.identifiers import DraftId
from workstation.shell.labels import plain
from workstation.shell.outbox_tree import OutboxTree
from workstation.translations import Translator


class OutboxPage(QWidget):
    """Deliveries grouped by report; nothing is called sent before the hub gave the same bytes back.

    ``act_asked`` carries an act and the draft of the report that it is about; acts always concern a whole report.
    """

    send_asked = Signal()
    act_asked = Signal(object, object)

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self._translator = translator
        self._reports: Mapping[DraftId, Sequence[Delivery]] = {}
        self._completions: Mapping[DraftId, Completion] = {}
        self._titles: Mapping[str, str] = {}
        self.tree = OutboxTree()
        self.send = QPushButton()
        self.buttons = {act: QPushButton() for act in DeliveryAct}
        self.summary = plain(style="heading")
        self.empty = plain(style="quiet")
        self.reason = plain(wrap=True)
        self._lay_out()
        self.send.clicked.connect(self.send_asked)
        for act, button in self.buttons.items():
            button.clicked.connect(lambda _checked, act=act: self.ask(act))
        self.tree.act_asked.connect(self.ask)
        self.tree.currentItemChanged.connect(lambda _now, _before: self._show_choice())
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._show_menu)
        self.retranslate(translator)

    def show_deliveries(
        self,
        deliveries: Sequence[Delivery],
        titles: Mapping[str, str],
        completions: Sequence[Completion] = (),
    ) -> None:
        """Show the deliveries; ``titles`` name each draft for the reader (patient and examination)."""
        drafts = list(dict.fromkeys(one.draft for one in reversed(deliveries)))
        reports = {draft: tuple(one for one in deliveries if one.draft == draft) for draft in drafts}
        told = {one.draft: one for one in completions}
        if (reports, told, titles) != (self._reports, self._completions, self._titles):
            self._reports, self._completions, self._titles = reports, told, titles
            self._refresh()

    def set_busy(self, busy: bool) -> None:
        """Say that sending is under way."""
        self.send.setEnabled(not busy)

    @property
    def allowed(self) -> frozenset[DeliveryAct]:
        """What may be decided about the report that is chosen."""
        draft = self.tree.chosen_draft
        return allowed_acts(self._reports.get(draft, ())) if draft else frozenset()

    def ask(self, act: DeliveryAct) -> None:
        """Ask for an act on the report that is chosen, where it is allowed."""
        draft = self.tree.chosen_draft
        if draft is not None and act in self.allowed:
            self.act_asked.emit(act, draft)

    def title_of(self, draft: DraftId) -> str:
        """Return what names a report for the reader."""
        return self._titles.get(draft, self._translator.text("outbox.page.report"))

    def retranslate(self, translator: Translator) -> None:
        """Show everything in another language."""
        self._translator = translator
        self.send.setText(translator.text("outbox.page.send_now"))
        self.empty.setText(translator.text("outbox.page.empty"))
        for act, button in self.buttons.items():
            button.setText(translator.text(f"outbox.act.{act.value}"))
            button.setToolTip(translator.text(f"outbox.hint.{act.value}"))
        self.tree.name_columns(translator)
        self._refresh()

    def _refresh(self) -> None:
        words = self._translator
        every = [one for report in self._reports.values() for one in report]
        waiting = sum(one.state not in SETTLED for one in every)
        self.summary.setText(words.text("outbox.page.summary", waiting=waiting, total=len(every)))
        self.empty.setVisible(not every)
        self.tree.show_reports(self._reports, self._completions, self._titles, words)
        self._show_choice()

    def _show_choice(self) -> None:
        allowed = self.allowed
        for act, button in self.buttons.items():
            button.setEnabled(act in allowed)
        self.reason.setText(self.tree.chosen_reason)

    def _show_menu(self, place: QPoint) -> None:
        menu, allowed = QMenu(self), self.allowed
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act in DeliveryAct:
            entry = menu.addAction(self._translator.text(f"outbox.act.{act.value}"))
            entry.setEnabled(act in allowed)
            entry.triggered.connect(lambda _checked, act=act: self.ask(act))
        menu.popup(self.tree.viewport().mapToGlobal(place))

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self.summary)
        bar.addStretch(1)
        for button in self.buttons.values():
            bar.addWidget(button)
        bar.addSpacing(16)
        bar.addWidget(self.send)
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addWidget(self.empty)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.reason)
