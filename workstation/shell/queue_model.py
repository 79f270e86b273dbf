"""The queue as a table: one row a request, in reading order, which the reader filters but never re-sorts by place."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from workstation.domain.clock import Clock
from workstation.domain.request import Request, RequestKey, RequestState
from workstation.shell import theme
from workstation.shell.formats import duration
from workstation.shell.labels import as_tooltip
from workstation.translations import Translator

COLUMNS = (
    "severity", "patient", "question", "modality", "images", "priors",
    "requester", "waiting", "left", "state", "holder",
)  # fmt: skip

_Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractTableModel):
    """Rows are requests; texts follow the language, times follow the clock at each :meth:`tick`."""

    def __init__(self, translator: Translator, clock: Clock) -> None:
        super().__init__()
        self._translator = translator
        self._clock = clock
        self._requests: tuple[Request, ...] = ()
        self._shared_names: frozenset[str] = frozenset()
        self._images: Mapping[RequestKey, int] = {}
        self._priors: Mapping[RequestKey, int] = {}
        self._not_given: frozenset[RequestKey] = frozenset()
        self._of_mirror: frozenset[RequestKey] = frozenset()

    def show_requests(self, requests: tuple[Request, ...]) -> None:
        """Show these rows: what stays keeps its row, so that selection, focus and place in the list stay too.

        A request has one row, whatever names it twice: to move a row onto itself ends the program within Qt.
        """
        once = {one.key: one for one in requests}
        counts = Counter(one.id for one in once.values())
        self._shared_names = frozenset(name for name, count in counts.items() if count > 1)
        self._remove(set(once))
        for row, request in enumerate(once.values()):
            if row < len(self._requests) and self._requests[row].key == request.key:
                self._change(row, request)
                continue
            former = self.row_of(request.key)
            if former is not None:
                self._move(former, row)
                self._change(row, request)
            else:
                self.beginInsertRows(QModelIndex(), row, row)
                self._requests = (*self._requests[:row], request, *self._requests[row:])
                self.endInsertRows()

    def _remove(self, kept: set[RequestKey]) -> None:
        for row in reversed(range(len(self._requests))):
            if self._requests[row].key not in kept:
                self.beginRemoveRows(QModelIndex(), row, row)
                self._requests = (*self._requests[:row], *self._requests[row + 1 :])
                self.endRemoveRows()

    def _move(self, former: int, row: int) -> None:
        """Bring a row up; rows are put in place from the top, so that none ever goes down."""
        self.beginMoveRows(QModelIndex(), former, former, QModelIndex(), row)
        others = (*self._requests[:former], *self._requests[former + 1 :])
        self._requests = (*others[:row], self._requests[former], *others[row:])
        self.endMoveRows()

    def _change(self, row: int, request: Request) -> None:
        if self._requests[row] != request:
            self._requests = (*self._requests[:row], request, *self._requests[row + 1 :])
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def show_images(self, images: Mapping[RequestKey, int]) -> None:
        """Show how many images each request's studies hold, by request, of those whose hubs have told."""
        self._images = images
        self.tick()

    def show_not_given(self, not_given: frozenset[RequestKey]) -> None:
        """Show of which requests the hub gives no images at present."""
        self._not_given = not_given
        self.tick()

    def show_of_mirror(self, of_mirror: frozenset[RequestKey]) -> None:
        """Show which requests only a mirror lists, while their hub is silent."""
        self._of_mirror = of_mirror
        self.tick()

    def show_priors(self, priors: Mapping[RequestKey, int]) -> None:
        """Show how many priors were found, by request; until then, how many each request names."""
        self._priors = priors
        self.tick()

    def retranslate(self, translator: Translator) -> None:
        """Show the same rows in another language; the chosen one stays."""
        self._translator = translator
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self.tick()

    def tick(self) -> None:
        """Let the times move on."""
        if self._requests:
            last = self.index(len(self._requests) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def request(self, row: int) -> Request:
        """Return the request of one row."""
        return self._requests[row]

    def row_of(self, key: RequestKey) -> int | None:
        """Return the row of a request, if it is listed."""
        return next((row for row, request in enumerate(self._requests) if request.key == key), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return the number of requests; Qt's signature asks for a default index."""
        return 0 if parent.isValid() else len(self._requests)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._translator.text(f"shell.queue.column.{COLUMNS[section]}")
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text or the colour of a cell."""
        request = self._requests[index.row()]
        column = COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(request, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            colour = self._colour(request, column)
            return QBrush(QColor(colour)) if colour else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tooltip(self._tooltip(request, column))
        return None

    def _text(self, request: Request, column: str) -> str:
        words = self._translator
        now = self._clock()
        texts = {
            "severity": words.text(f"shell.queue.severity.{int(request.severity)}"),
            "patient": request.patient.name.display or request.patient.patient_id,
            "question": request.question.splitlines()[0] if request.question else "",
            "modality": " · ".join(part for part in (request.modality, request.region) if part),
            "images": self._image_count(request),
            "priors": str(self._priors.get(request.key, len(request.priors)) or "–"),
            "requester": self._requester(request),
            "waiting": duration(now - request.arrival, words),
            "left": duration(request.deadline - now, words) if request.deadline else "–",
            "state": self._state(request),
            "holder": request.holder.name if request.holder else "",
        }
        return texts[column]

    def _image_count(self, request: Request) -> str:
        if request.key in self._not_given:
            return self._translator.text("shell.queue.images_not_given")
        images = self._images.get(request.key)
        return str(images) if images is not None else "…"

    def _requester(self, request: Request) -> str:
        """Return who asks, with the hub where another hub has a request of the same name."""
        requester = request.requester.organisation or request.requester.name
        return f"{requester} · {request.hub}" if request.id in self._shared_names else requester

    def _state(self, request: Request) -> str:
        """Return the state in words; a claim that is no lock is called soft, what the hub has not said a mirror's."""
        state = self._translator.text(f"shell.queue.state.{request.state.name}")
        if request.key in self._of_mirror:
            return self._translator.text("shell.queue.mirror_state", state=state)
        is_soft = request.holder is not None and not request.carrier.is_atomic
        return self._translator.text("shell.queue.soft_state", state=state) if is_soft else state

    def _tooltip(self, request: Request, column: str) -> str:
        words = self._translator
        is_soft = request.holder is not None and not request.carrier.is_atomic
        about_state = words.text("shell.details.soft_claim") if is_soft else ""
        if request.key in self._of_mirror:
            about_state = words.text("shell.queue.about_mirror_state")
        texts = {
            "question": request.question,
            "holder": request.holder.name if request.holder else "",
            "state": about_state,
            "images": words.text("shell.queue.about_not_given") if request.key in self._not_given else "",
        }
        return texts.get(column, "")

    def _colour(self, request: Request, column: str) -> str | None:
        if column == "severity":
            return theme.SEVERITY_COLOURS[int(request.severity)]
        if column == "left" and request.deadline is not None:
            return _urgency_colour(request.deadline, self._clock())
        if column == "images" and request.key in self._not_given:
            return theme.WARNING
        if column == "state" and request.key in self._of_mirror:
            return theme.WARNING
        if column == "state" and request.state is RequestState.IN_PROGRESS:
            return theme.ACCENT
        return None


def _urgency_colour(deadline: datetime, now: datetime) -> str | None:
    left_s = (deadline - now).total_seconds()
    if left_s < 0:
        return theme.DANGER
    return theme.WARNING if left_s < 3600 else None
