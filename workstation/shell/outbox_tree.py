"""The tree of the outbox: reports, the latest first; their objects and request; every step with its time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from workstation.domain.delivery import SETTLED, Completion, CompletionState, Delivery, DeliveryState
from workstation.domain.delivery_acts import DeliveryAct
from workstation.domain.identifiers import DraftId
from workstation.outbox.wording import reason_of, reason_of_request
from workstation.shell import theme
from workstation.shell.formats import moment
from workstation.shell.labels import as_tooltip
from workstation.translations import Translator

COLUMNS = ("object", "hub", "state", "when", "reason")
KEYS = {
    DeliveryAct.FORCE: Qt.Key.Key_T,
    DeliveryAct.HOLD: Qt.Key.Key_H,
    DeliveryAct.RELEASE: Qt.Key.Key_L,
    DeliveryAct.CANCEL: Qt.Key.Key_Delete,
}
# The first of these that an object of a report is in is what the report's own line says.
_WORST_FIRST = {
    DeliveryState.CONFLICT: theme.DANGER,
    DeliveryState.FAILED: theme.DANGER,
    DeliveryState.BLOCKED: theme.DANGER,
    DeliveryState.HELD: theme.WARNING,
    DeliveryState.PENDING: theme.WARNING,
    DeliveryState.STORED: theme.ACCENT,
    DeliveryState.CANCELLED: theme.QUIET,
    DeliveryState.SENT: theme.GOOD,
}
_REQUEST_COLOURS = {
    CompletionState.WAITING: theme.WARNING,
    CompletionState.UPDATED: theme.ACCENT,
    CompletionState.COMPLETED: theme.GOOD,
    CompletionState.BLOCKED: theme.DANGER,
    CompletionState.CANCELLED: theme.WARNING,
    CompletionState.AGAIN: theme.WARNING,
}
_KEY = Qt.ItemDataRole.UserRole


class OutboxTree(QTreeWidget):
    """Reports with their objects; the keys of the acts are signals. A refresh moves neither selection nor branches."""

    act_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAlternatingRowColors(True)
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the keys of the acts into a signal; everything else is the tree's."""
        act = next((one for one, key in KEYS.items() if key == event.key()), None)
        if act is not None and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.act_asked.emit(act)
            return
        super().keyPressEvent(event)

    def name_columns(self, words: Translator) -> None:
        """Name the columns in a language."""
        self.setHeaderLabels([words.text(f"outbox.page.column.{name}") for name in COLUMNS])
        header = self.header()
        for column in range(len(COLUMNS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(COLUMNS.index("reason"), QHeaderView.ResizeMode.Stretch)

    def show_reports(
        self,
        reports: Mapping[DraftId, Sequence[Delivery]],
        completions: Mapping[DraftId, Completion],
        titles: Mapping[str, str],
        words: Translator,
    ) -> None:
        """Show the reports, in the order given."""
        open_before = {key: item.isExpanded() for key, item in self._items().items()}
        current = self.currentItem()
        chosen = current.data(0, _KEY) if current else None
        self.clear()
        for draft, report in reports.items():
            self._add(draft, report, completions.get(draft), titles.get(draft, words.text("outbox.page.report")), words)
        unsettled = {draft for draft, report in reports.items() if any(one.state not in SETTLED for one in report)}
        latest = next(iter(reports), None)
        for key, item in self._items().items():
            item.setExpanded(open_before.get(key, key in unsettled or key == latest))
        self._choose(str(chosen or ""))

    @property
    def chosen_draft(self) -> DraftId | None:
        """The report of the line that is chosen."""
        item = self.currentItem()
        while item is not None and (above := item.parent()) is not None:
            item = above
        return None if item is None else DraftId(str(item.data(0, _KEY)))

    @property
    def chosen_reason(self) -> str:
        """The whole reason on the line that is chosen."""
        item = self.currentItem()
        return item.text(COLUMNS.index("reason")) if item else ""

    def _add(
        self, draft: DraftId, report: Sequence[Delivery], completion: Completion | None, title: str, words: Translator
    ) -> None:
        worst = next(state for state in _WORST_FIRST if any(one.state is state for one in report))
        told = next((reason_of(one, words) for one in report if one.state is worst), "")
        last = max((at for one in report if (at := _last_moment(one)) is not None), default=None)
        texts = [
            title,
            "",
            words.text(f"outbox.state.{worst.value}"),
            moment(last, words.language) if last else "",
            told,
        ]
        group = self._item(texts, draft, _WORST_FIRST[worst])
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        self.addTopLevelItem(group)
        group.addChildren([self._delivery(one, words) for one in report])
        if completion is not None:
            group.addChild(self._completion(completion, words))

    def _delivery(self, one: Delivery, words: Translator) -> QTreeWidgetItem:
        last = _last_moment(one)
        texts = [
            words.text(f"outbox.role.{one.role.value}"),
            one.hub,
            words.text(f"outbox.state.{one.state.value}"),
            moment(last, words.language) if last else "",
            reason_of(one, words),
        ]
        item = self._item(texts, f"delivery {one.id}", _WORST_FIRST[one.state])
        for number, step in enumerate(one.steps):
            at, key = moment(step.at, words.language), f"step {one.id} {number}"
            item.addChild(self._item([words.text(f"outbox.step.{step.step}"), "", "", at, step.detail], key))
        if one.state not in SETTLED and one.tried_at is not None and one.tried_at > one.steps[-1].at:
            tried = words.text("outbox.page.tried", attempts=one.attempts)
            at = moment(one.tried_at, words.language)
            item.addChild(self._item([tried, "", "", at, one.reason], f"tried {one.id}"))
        if one.checked_at is not None and one.steps and one.checked_at > one.steps[-1].at:
            seen = moment(one.checked_at, words.language)
            item.addChild(self._item([words.text("outbox.page.checked"), "", "", seen, ""], f"checked {one.id}"))
        return item

    def _completion(self, completion: Completion, words: Translator) -> QTreeWidgetItem:
        texts = [
            words.text("outbox.page.request"),
            completion.hub,
            words.text(f"outbox.request_state.{completion.state.value}"),
            moment(completion.changed, words.language) if completion.changed else "",
            reason_of_request(completion, words),
        ]
        return self._item(texts, f"request {completion.draft}", _REQUEST_COLOURS[completion.state])

    def _item(self, texts: list[str], key: str, colour: str = "") -> QTreeWidgetItem:
        item = QTreeWidgetItem(texts)
        item.setData(0, _KEY, key)
        if colour:
            item.setForeground(COLUMNS.index("state"), QBrush(QColor(colour)))
        item.setTextAlignment(COLUMNS.index("when"), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        item.setData(COLUMNS.index("reason"), Qt.ItemDataRole.ToolTipRole, as_tooltip(texts[-1]))
        return item

    def _items(self) -> dict[str, QTreeWidgetItem]:
        found: dict[str, QTreeWidgetItem] = {}
        left = [top for place in range(self.topLevelItemCount()) if (top := self.topLevelItem(place)) is not None]
        while left:
            item = left.pop(0)
            found[str(item.data(0, _KEY))] = item
            left.extend(below for place in range(item.childCount()) if (below := item.child(place)) is not None)
        return found

    def _choose(self, key: str) -> None:
        item = self._items().get(key) or self.topLevelItem(0)
        if item is not None:
            self.setCurrentItem(item)


def _last_moment(one: Delivery) -> datetime | None:
    """Return when something last happened to a delivery: a step, or an attempt that ended as the one before."""
    moments = [step.at for step in one.steps[-1:]]
    if one.tried_at is not None and one.state not in SETTLED:
        moments.append(one.tried_at)
    return max(moments, default=None)
