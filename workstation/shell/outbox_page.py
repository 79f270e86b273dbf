"""The outbox page: every signed object, where it is going, and each step it has taken."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.delivery import Delivery, DeliveryState
from workstation.shell import theme
from workstation.shell.formats import moment
from workstation.shell.labels import plain
from workstation.translations import Translator

_COLUMNS = ("object", "hub", "state", "when", "reason")
_COLOURS = {
    DeliveryState.PENDING: theme.WARNING,
    DeliveryState.STORED: theme.ACCENT,
    DeliveryState.SENT: theme.GOOD,
    DeliveryState.CONFLICT: theme.DANGER,
    DeliveryState.BLOCKED: theme.DANGER,
    DeliveryState.FAILED: theme.DANGER,
}


class OutboxPage(QWidget):
    """Deliveries grouped by report; nothing is called sent before the hub gave the same bytes back."""

    send_asked = Signal()

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self._translator = translator
        self._deliveries: tuple[Delivery, ...] = ()
        self._titles: Mapping[str, str] = {}
        self.tree = QTreeWidget()
        self.tree.setAlternatingRowColors(True)
        self.tree.setRootIsDecorated(True)
        self.send = QPushButton()
        self.summary = plain(style="heading")
        self.empty = plain(style="quiet")
        bar = QHBoxLayout()
        bar.addWidget(self.summary)
        bar.addStretch(1)
        bar.addWidget(self.send)
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addWidget(self.empty)
        layout.addWidget(self.tree, 1)
        self.send.clicked.connect(self.send_asked)
        self.retranslate(translator)

    def show_deliveries(self, deliveries: tuple[Delivery, ...], titles: Mapping[str, str]) -> None:
        """Show the deliveries; ``titles`` name each draft for the reader (patient and examination)."""
        self._deliveries, self._titles = deliveries, titles
        self._refresh()

    def set_busy(self, busy: bool) -> None:
        """Say that sending is under way."""
        self.send.setEnabled(not busy)

    def retranslate(self, translator: Translator) -> None:
        """Show everything in another language."""
        self._translator = translator
        self.send.setText(translator.text("outbox.page.send_now"))
        self.empty.setText(translator.text("outbox.page.empty"))
        self.tree.setHeaderLabels([translator.text(f"outbox.page.column.{name}") for name in _COLUMNS])
        header = self.tree.header()
        for column in range(len(_COLUMNS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_COLUMNS.index("reason"), QHeaderView.ResizeMode.Stretch)
        self._refresh()

    def _refresh(self) -> None:
        words = self._translator
        waiting = sum(delivery.state is not DeliveryState.SENT for delivery in self._deliveries)
        self.summary.setText(words.text("outbox.page.summary", waiting=waiting, total=len(self._deliveries)))
        self.empty.setVisible(not self._deliveries)
        self.tree.clear()
        for draft in dict.fromkeys(delivery.draft for delivery in self._deliveries):
            group = QTreeWidgetItem([self._titles.get(draft, words.text("outbox.page.report"))])
            self.tree.addTopLevelItem(group)
            for delivery in self._deliveries:
                if delivery.draft == draft:
                    group.addChild(self._item(delivery))
            group.setExpanded(True)

    def _item(self, delivery: Delivery) -> QTreeWidgetItem:
        words = self._translator
        last = delivery.steps[-1].at if delivery.steps else None
        item = QTreeWidgetItem(
            [
                words.text(f"outbox.role.{delivery.role.value}"),
                delivery.hub,
                words.text(f"outbox.state.{delivery.state.value}"),
                moment(last, words.language) if last else "",
                delivery.reason,
            ]
        )
        item.setForeground(_COLUMNS.index("state"), QBrush(QColor(_COLOURS[delivery.state])))
        item.setTextAlignment(_COLUMNS.index("when"), Qt.AlignmentFlag.AlignLeft)
        for step in delivery.steps:
            done = words.text(f"outbox.step.{step.step}")
            item.addChild(QTreeWidgetItem([done, "", "", moment(step.at, words.language), step.detail]))
        return item
