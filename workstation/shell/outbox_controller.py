"""Connects the outbox page with courier and completer: sends, retries on its own, tells how things stand."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from viewers.identifiers import StudyUID
from workstation.domain.delivery import Delivery, DeliveryState
from workstation.errors import WorkstationError
from workstation.outbox.completer import Completer
from workstation.outbox.courier import Courier
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.formats import dicom_date
from workstation.shell.main_window import MainWindow
from workstation.shell.outbox_page import OutboxPage
from workstation.store.profile_store import ProfileStore
from workstation.translations import Translator

RETRY_MS = 10_000


class OutboxController(QObject):
    """Delivers in the background as long as something is due; ``settled`` says that a delivery has ended."""

    settled = Signal()

    def __init__(
        self,
        window: MainWindow,
        page: OutboxPage,
        store: ProfileStore,
        courier: Courier,
        completer: Completer,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._store = store
        self._courier = courier
        self._completer = completer
        self._executor = executor
        self._words = words
        self._sending: Job | None = None
        page.send_asked.connect(lambda: self.send(force=True))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.send)
        self._timer.start(RETRY_MS)

    def close(self) -> None:
        """Begin no delivery any more; the one under way stops between two steps."""
        self._timer.stop()
        if self._sending is not None:
            self._sending.cancel()

    def has_sent(self, study: StudyUID) -> bool:
        """Whether everything signed for a study was sent and read back."""
        return is_sent(study, self._store.outbox.deliveries())

    def send(self, *, force: bool = False) -> None:
        """Deliver what is due now, or everything that is not sent."""
        if self._sending is not None:
            return

        def work(job: Job) -> int:
            sent = self._courier.deliver(force=force, cancelled=lambda: job.is_cancelled)
            return 0 if job.is_cancelled else sent + self._completer.complete(force=force)

        self._page.set_busy(force)
        self._sending = self._executor.run(Pool.NETWORK, work, self._sent, self._failed)

    def refresh(self) -> None:
        """Read the outbox again."""
        self._executor.run(
            Pool.STORE,
            lambda _job: (self._store.outbox.deliveries(), self._titles()),
            lambda found: self._show(*found),
            self._window.notices.show_error,
        )

    def _sent(self, moved: int) -> None:
        self._sending = None
        self._page.set_busy(False)
        self.refresh()
        if moved:
            self._window.notices.show_notice(self._words().text("outbox.page.moved", count=moved))
        self.settled.emit()

    def _failed(self, error: WorkstationError) -> None:
        self._sending = None
        self._page.set_busy(False)
        self._window.notices.show_error(error)
        self.settled.emit()

    def _show(self, deliveries: tuple[Delivery, ...], titles: dict[str, str]) -> None:
        waiting = sum(one.state is not DeliveryState.SENT for one in deliveries)
        self._window.status.show_outbox(waiting)
        self._window.set_badge("outbox", waiting)
        self._page.show_deliveries(deliveries, titles)

    def _titles(self) -> dict[str, str]:
        language = self._words().language
        titles: dict[str, str] = {}
        for delivery in self._store.outbox.deliveries():
            study = self._store.catalogue.study(delivery.study)
            if study is not None:
                parts = (study.patient.name.display, study.description, dicom_date(study.date, language))
                titles[delivery.draft] = " · ".join(part for part in parts if part)
        return titles


def is_sent(study: StudyUID, deliveries: Iterable[Delivery]) -> bool:
    """Whether a study has signed objects and its hub gave every one of them back."""
    states = {one.state for one in deliveries if one.study == study}
    return states == {DeliveryState.SENT}
