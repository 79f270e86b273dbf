"""Connects the queue page with the worklist: refreshes it, shows details, declines; opening is the window's."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from workstation.domain.reader import Reader
from workstation.domain.request import Request
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.protocol import DeclineReason
from workstation.reading.preview import Previews, RequestPreview
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.decline_dialog import DeclineDialog
from workstation.shell.main_window import MainWindow
from workstation.shell.queue_page import QueuePage
from workstation.shell.request_words import preview_text, request_message
from workstation.translations import Translator
from workstation.worklist.worklist import Queue, Worklist

REFRESH_MS = 30_000


class QueueController(QObject):
    """Keeps the queue fresh; a refresh never moves the selection or the focus."""

    refreshed = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        page: QueuePage,
        worklist: Worklist,
        hubs: HubDirectory,
        preview: Previews,
        executor: Executor,
        reader: Callable[[], Reader | None],
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._worklist = worklist
        self._hubs = hubs
        self._preview = preview
        self._executor = executor
        self._reader = reader
        self._words = words
        self._refreshing: Job | None = None
        self._looking: dict[str, Job] = {}
        self._previews: dict[str, RequestPreview] = {}
        self._known: set[str] | None = None
        page.refresh_asked.connect(self.refresh)
        page.selected.connect(self._show_preview)
        page.decline_asked.connect(self._ask_why)
        page.information_asked.connect(self._show_how_to_ask)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(REFRESH_MS)

    def close(self) -> None:
        """Ask the hubs nothing more, and drop what they still answer."""
        self._timer.stop()
        for job in (self._refreshing, *self._looking.values()):
            if job is not None:
                job.cancel()

    def refresh(self) -> None:
        """Ask the hubs again, unless that is under way."""
        if self._refreshing is not None:
            return
        self._refreshing = self._executor.run(
            Pool.NETWORK, lambda _job: self._worklist.refresh(), self._show, self._failed
        )

    def _show(self, queue: Queue) -> None:
        self._refreshing = None
        names = self._hubs.names()
        self._window.status.show_hubs(len(names) - len(queue.unreachable), len(names))
        self._page.show_queue(queue.requests, self._reader(), tuple(str(name) for name, _ in queue.unreachable))
        self._announce_immediate(queue.requests)
        for request in queue.requests:
            if request.id not in self._previews:
                self._look_at(request)

    def _announce_immediate(self, requests: tuple[Request, ...]) -> None:
        # What was there at the first look is no news; an empty queue is a first look too.
        known = {one.id for one in requests} if self._known is None else self._known
        new = [one for one in requests if one.severity == 0 and one.id not in known]
        if new:
            self._window.notices.show_notice(self._words().text("shell.queue.immediate", count=len(new)))
            QApplication.beep()
            QApplication.alert(self._window)
        self._known = known | {one.id for one in requests}
        waiting = [one for one in requests if one.severity == 0 and one.holder is None]
        self._window.set_badge("queue", len(waiting))
        self.refreshed.emit(len(waiting))

    def _failed(self, error: WorkstationError) -> None:
        self._refreshing = None
        self._window.notices.show_error(error)

    def _look_at(self, request: Request) -> None:
        self._looking[request.id] = self._executor.run(
            Pool.NETWORK, lambda _job: self._preview.of(request), self._previewed, self._window.notices.show_error
        )

    def _previewed(self, preview: RequestPreview) -> None:
        self._previews[preview.request] = preview
        self._page.show_images({identifier: one.images for identifier, one in self._previews.items()})
        current = self._page.current
        if current is not None and current.id == preview.request:
            self._show_preview(current)

    def _show_preview(self, request: Request) -> None:
        preview = self._previews.get(request.id)
        if preview is not None:
            words = self._words()
            self._page.details.show_studies(request.id, preview_text(preview, words))
            self._page.details.show_first_report(request.id, preview.first_report)

    def _ask_why(self, request: Request) -> None:
        reasons = [reason.value.value for reason in DeclineReason]
        dialog = DeclineDialog(self._words(), reasons, self._window)
        dialog.accepted.connect(lambda: self._decline(request, dialog.code, dialog.words))
        dialog.open()

    def _decline(self, request: Request, code: str, note: str) -> None:
        self._executor.run(
            Pool.NETWORK,
            lambda _job: self._worklist.decline(request, code, note),
            lambda _none: self._declined(),
            self._failed,
        )

    def _declined(self) -> None:
        self._window.notices.show_notice(self._words().text("decline.done"))
        self.refresh()

    def _show_how_to_ask(self, request: Request) -> None:
        self._window.notices.show_notice(request_message(request, self._words()))
