"""Connects the queue page with the worklist: refreshes it, shows details, declines; opening is the window's."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from workstation.domain.identifiers import HubName
from workstation.domain.reader import Reader
from workstation.domain.request import Request, RequestKey
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import HubRefused, HubUnreachable
from workstation.hub.news import CancelAsked, Deaf, HubNews
from workstation.hub.protocol import DeclineReason
from workstation.reading.preview import Previews, RequestPreview
from workstation.reading.priors import PriorSearch
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.decline_dialog import DeclineDialog
from workstation.shell.main_window import MainWindow
from workstation.shell.priors_lookup import PriorsLookup
from workstation.shell.queue_listener import QueueListener
from workstation.shell.queue_page import QueuePage
from workstation.shell.request_words import first_report_text, preview_text, request_message
from workstation.translations import Translator
from workstation.worklist.listening import HubEars
from workstation.worklist.queue import Queue
from workstation.worklist.wording import contested, left_out, lost
from workstation.worklist.worklist import Worklist

# A hub that tells nothing by itself is asked so often; one that does, now and then, should an event be lost.
POLL_MS = 10_000
POLLS_A_ROUND = 12


class QueueController(QObject):
    """Keeps the queue fresh; a refresh never moves the selection or the focus."""

    refreshed = Signal(int)
    renewed = Signal(object)
    cancel_asked = Signal(object)
    answered = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        page: QueuePage,
        worklist: Worklist,
        ears: HubEars,
        hubs: HubDirectory,
        preview: Previews,
        priors: PriorSearch,
        executor: Executor,
        reader: Callable[[], Reader | None],
        words: Callable[[], Translator],
        *,
        poll_ms: int = POLL_MS,
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
        self._queue = Queue(())
        self._asking: dict[HubName | None, Job] = {}
        self._ask_again: set[HubName | None] = set()
        self._looking: dict[RequestKey, Job] = {}
        self._previews: dict[RequestKey, RequestPreview] = {}
        self._not_seen: set[RequestKey] = set()
        self._known: set[RequestKey] | None = None
        self._disputed: set[tuple[str, RequestKey | HubName]] = set()
        self._polls = 0
        self._listener = QueueListener(ears, executor, self._hear, window.notices.show_error)
        self._priors = PriorsLookup(priors, executor, self._failed, self)
        self._priors.found.connect(self._priors_found)
        page.refresh_asked.connect(self._look_anew)
        page.selected.connect(self._priors.look_at)
        page.selected.connect(self._show_preview)
        page.decline_asked.connect(self._ask_why)
        page.information_asked.connect(self._show_how_to_ask)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._poll)
        self._timer.start(poll_ms)

    def close(self) -> None:
        """Ask the hubs nothing more, end the subscriptions, and drop what is still answered."""
        self._timer.stop()
        self._listener.stop()
        self._priors.close()
        for job in (*self._asking.values(), *self._looking.values()):
            job.cancel()

    def retranslate(self) -> None:
        """Show in the language of the window what the hubs have told of the chosen request."""
        current = self._page.current
        if current is not None:
            self._show_preview(current)

    def refresh(self) -> None:
        """Ask every hub again, and listen to those of the profile."""
        self._listener.follow(self._hubs.names())
        self._ask(None)

    def fall_deaf(self) -> None:
        """Listen no more: a locked window keeps no connection. The hubs are asked from time to time all the same."""
        self._listener.stop()

    def hear_again(self) -> None:
        """Listen again."""
        self._listener.resume(self._hubs.names())

    def is_hearing(self, hub: HubName) -> bool:
        """Whether the hub tells by itself what changes."""
        return self._listener.is_hearing(hub)

    def _look_anew(self) -> None:
        """Ask everything again because the reader wishes it, studies that could not be looked at too."""
        self._not_seen.clear()
        self._priors.look_anew()
        self._look_for_late_images()
        self.refresh()

    def _look_for_late_images(self) -> None:
        """Look again at the requests that had no images when they were looked at."""
        for request in self._queue.requests:
            preview = self._previews.get(request.key)
            if preview is not None and not preview.images and request.key not in self._looking:
                self._look_at(request)

    def _ask(self, hub: HubName | None) -> None:
        """Ask one hub, or all; what comes while the answer is under way is asked for once more."""
        if hub in self._asking:
            self._ask_again.add(hub)
            return

        def failed(error: WorkstationError) -> None:
            self._asked(hub)
            self._failed(error)

        def shown(queue: Queue) -> None:
            self._asked(hub)
            self._show(queue)

        self._asking[hub] = self._executor.run(
            Pool.NETWORK, lambda job: self._worklist.refresh(hub, lambda: job.is_cancelled), shown, failed
        )

    def _asked(self, hub: HubName | None) -> None:
        self._asking.pop(hub, None)
        if hub in self._ask_again:
            self._ask_again.discard(hub)
            self._ask(hub)

    def _poll(self) -> None:
        self._polls += 1
        if self._polls % POLLS_A_ROUND == 0:
            self._look_for_late_images()
            self.refresh()
            return
        for hub in self._hubs.names():
            if not self._listener.is_hearing(hub):
                self._ask(hub)

    def _hear(self, news: HubNews) -> None:
        if isinstance(news, CancelAsked):
            self.cancel_asked.emit(news)
        if not isinstance(news, Deaf):
            self._ask(news.hub)

    def _show(self, newer: Queue) -> None:
        names = self._hubs.names()
        former = {name for name, _error in self._queue.unreachable}
        self._queue = queue = self._queue.renewed_by(newer).among(names)
        self._window.status.show_hubs(len(names) - len(queue.unreachable), len(names))
        refused = tuple(str(name) for name, error in queue.unreachable if isinstance(error, HubRefused))
        silent = tuple(str(name) for name, _error in queue.unreachable if name not in refused)
        incomplete = tuple(str(name) for name, _error in queue.incomplete)
        self._page.show_queue(queue.requests, self._reader(), silent, incomplete, refused)
        back = former - {name for name, _error in queue.unreachable}
        self._window.notices.take_off_errors(lambda error: _is_silence_of(error, back))
        self.answered.emit(set(newer.asked) - {name for name, _error in newer.unreachable})
        self._page.show_not_given(queue.not_given)
        self._page.show_of_mirror(queue.of_mirror)
        self._announce_immediate(queue.requests)
        self._announce_disputes(queue)
        self.renewed.emit(queue)
        for request in queue.requests:
            if not any(request.key in known for known in (self._previews, self._looking, self._not_seen)):
                self._look_at(request)
        self._priors.follow(queue.requests)

    def _announce_disputes(self, queue: Queue) -> None:
        words = self._words()
        told: list[tuple[tuple[str, RequestKey | HubName], str]]
        told = [(("lost", one.key), lost(one, words)) for one in queue.lost]
        told += [(("contested", one.key), contested(one, words)) for one in queue.contested]
        told += [(("left out", name), left_out(name, why, words)) for name, why in queue.unusable]
        for mark, sentence in told:
            if mark not in self._disputed:
                self._window.notices.show_warning(sentence)
        self._disputed = {mark for mark, _sentence in told}

    def _announce_immediate(self, requests: tuple[Request, ...]) -> None:
        # What was there at the first look is no news; an empty queue is a first look too.
        known = {one.key for one in requests} if self._known is None else self._known
        new = [one for one in requests if one.severity == 0 and one.key not in known]
        if new:
            self._window.notices.show_notice(self._words().text("shell.queue.immediate", count=len(new)))
            QApplication.beep()
            QApplication.alert(self._window)
        self._known = known | {one.key for one in requests}
        waiting = [one for one in requests if one.severity == 0 and one.holder is None]
        self._window.set_badge("queue", len(waiting))
        self.refreshed.emit(len(waiting))

    def _failed(self, error: WorkstationError) -> None:
        self._window.notices.show_error(error)

    def _look_at(self, request: Request) -> None:
        def failed(error: WorkstationError) -> None:
            self._looking.pop(request.key, None)
            # Said once, and tried again when the reader asks: the queue is renewed every few seconds.
            self._not_seen.add(request.key)
            self._window.notices.show_error(error)

        self._looking[request.key] = self._executor.run(
            Pool.NETWORK, lambda job: self._preview.of(request, lambda: job.is_cancelled), self._previewed, failed
        )

    def _previewed(self, preview: RequestPreview) -> None:
        self._looking.pop(preview.request, None)
        self._previews[preview.request] = preview
        counted = ((key, one.images) for key, one in self._previews.items())
        self._page.show_images({key: images for key, images in counted if images is not None})
        current = self._page.current
        if current is not None and current.key == preview.request:
            self._show_preview(current)

    def _priors_found(self, key: RequestKey) -> None:
        self._page.show_priors(self._priors.counts)
        current = self._page.current
        if current is not None and current.key == key:
            self._show_preview(current)

    def _show_preview(self, request: Request) -> None:
        preview = self._previews.get(request.key)
        if preview is not None:
            words = self._words()
            self._page.details.show_studies(request.key, preview_text(preview, words, self._priors.of(request)))
            self._page.details.show_first_report(request.key, first_report_text(preview, words))

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


def _is_silence_of(error: WorkstationError, hubs: set[HubName]) -> bool:
    """Whether an error says that one of these hubs gives no answers at all."""
    return isinstance(error, HubUnreachable | HubRefused) and error.details.get("hub") in hubs
