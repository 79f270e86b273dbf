"""Brings wishes for cancellation before the reader, on the queue and over the open case, and answers them."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from workstation.domain.identifiers import HubName
from workstation.domain.request import CancelRequest, Request, RequestKey
from workstation.errors import WorkstationError
from workstation.hub.news import CancelAsked
from workstation.hub.protocol import DeclineReason
from workstation.runtime.executor import Executor, Pool
from workstation.shell.cancel_bar import CancelBar
from workstation.shell.case_controller import CaseController
from workstation.shell.main_window import MainWindow
from workstation.shell.notices import CASE
from workstation.translations import Translator
from workstation.worklist.queue import Queue
from workstation.worklist.worklist import Worklist


class CancelController(QObject):
    """Keeps the wishes that are not answered yet; only the holder of a request hears of one."""

    answered = Signal()

    def __init__(
        self,
        window: MainWindow,
        queue_bar: CancelBar,
        case_bar: CancelBar,
        case: CaseController,
        worklist: Worklist,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._queue_bar = queue_bar
        self._case_bar = case_bar
        self._case = case
        self._worklist = worklist
        self._executor = executor
        self._words = words
        self._wishes: dict[RequestKey, tuple[Request, CancelRequest]] = {}
        self._refused: set[tuple[RequestKey, CancelRequest]] = set()
        self._ending: set[RequestKey] = set()
        self._told_ended: RequestKey | None = None
        for bar in (queue_bar, case_bar):
            bar.accepted.connect(self._accept)
            bar.refused.connect(self._refuse)
        case.opened.connect(lambda _request: self._show())

    def hear(self, news: CancelAsked) -> None:
        """Take up the wish of an event, if this profile holds the request."""

        def look(_job: object) -> Request | None:
            request = self._worklist.known(news.hub, news.work_item)
            return request if request is not None and self._worklist.is_mine(request) else None

        def found(request: Request | None) -> None:
            if request is not None:
                self._refused.discard((request.key, news.wish))
                self._take(request, news.wish)

        self._executor.run(Pool.STORE, look, found, self._window.notices.show_error)

    def look_through(self, queue: Queue) -> None:
        """Take up the wishes that a hub keeps, and drop those of requests that are not open any more."""
        present = {one.key: one for one in queue.requests}
        silent = {name for name, _error in queue.unreachable}
        for key, (request, _wish) in tuple(self._wishes.items()):
            if request.hub in queue.asked and request.hub not in silent and key not in present:
                del self._wishes[key]
        for request in queue.requests:
            wish = request.cancel_asked
            if wish is None:
                self._refused = {one for one in self._refused if one[0] != request.key}
            elif request.key in queue.mine and (request.key, wish) not in self._refused:
                self._take(request, wish)
        self._tell_ended(queue, present, silent)
        self._show()

    def _tell_ended(self, queue: Queue, present: Mapping[RequestKey, Request], silent: set[HubName]) -> None:
        """Say once that the request of the open case is open no more; a case that is signed is open no more either."""
        opened = self._case.request
        if opened is None or opened.hub not in queue.asked or opened.hub in silent:
            return
        if opened.key in present:
            self._told_ended = None
        elif self._told_ended != opened.key and not self._is_ending(opened):
            self._told_ended = opened.key
            self._window.notices.show_warning(self._words().text("cancellation.ended"), CASE)

    def _is_ending(self, opened: Request) -> bool:
        """Whether this window ends the request itself at this moment."""
        session = self._case.session
        return opened.key in self._ending or (session is not None and session.is_being_signed)

    def _take(self, request: Request, wish: CancelRequest) -> None:
        is_new = self._wishes.get(request.key, (request, None))[1] != wish
        self._wishes[request.key] = (request, wish)
        if is_new:
            QApplication.beep()
            QApplication.alert(self._window)
        self._show()

    def _show(self) -> None:
        first = next(iter(self._wishes.values()), (None, None))
        self._queue_bar.show_wish(*first)
        opened = self._case.request
        wish = self._wishes.get(opened.key) if opened else None
        self._case_bar.show_wish(*(wish or (None, None)))

    def _accept(self, request: Request) -> None:
        _, wish = self._wishes.get(request.key, (request, CancelRequest()))
        code = DeclineReason.REQUESTER_CANCELLED.value.value
        self._ending.add(request.key)

        def done(_none: None) -> None:
            opened = self._case.request
            if opened is not None and opened.key == request.key:
                self._case.close()
                self._window.show_page("queue")
            self._end(request, "cancellation.accepted")

        def failed(error: WorkstationError) -> None:
            self._ending.discard(request.key)
            self._failed(error)

        self._executor.run(Pool.NETWORK, lambda _job: self._worklist.decline(request, code, wish.reason), done, failed)

    def _refuse(self, request: Request) -> None:
        _, wish = self._wishes.get(request.key, (request, CancelRequest()))

        def done(_none: None) -> None:
            self._refused.add((request.key, wish))
            self._end(request, "cancellation.refused")

        self._executor.run(Pool.NETWORK, lambda _job: self._worklist.refuse_cancel(request), done, self._failed)

    def _end(self, request: Request, key: str) -> None:
        self._wishes.pop(request.key, None)
        self._show()
        self._window.notices.show_notice(self._words().text(key), CASE)
        self.answered.emit()

    def _failed(self, error: WorkstationError) -> None:
        self._window.notices.show_error(error)
        self.answered.emit()
