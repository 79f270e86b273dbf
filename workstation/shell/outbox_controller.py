"""Connects the outbox page with the outbox: sends, retries and looks again on its own, carries out what is decided."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from viewers.identifiers import StudyUID
from workstation.domain.delivery import SETTLED, Completion, Delivery, DeliveryState
from workstation.domain.delivery_acts import DeliveryAct
from workstation.domain.identifiers import DraftId
from workstation.errors import WorkstationError
from workstation.outbox.completer import Completer
from workstation.outbox.courier import Courier
from workstation.outbox.reverification import Reverification
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.confirm_dialog import ConfirmDialog
from workstation.shell.formats import dicom_date
from workstation.shell.main_window import MainWindow
from workstation.shell.outbox_page import OutboxPage
from workstation.store.outbox_decisions import Decided
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
        reverification: Reverification,
        executor: Executor,
        words: Callable[[], Translator],
        *,
        retry_ms: int = RETRY_MS,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._store = store
        self._courier = courier
        self._completer = completer
        self._reverification = reverification
        self._executor = executor
        self._words = words
        self._sending: Job | None = None
        page.send_asked.connect(lambda: self.send(force=True))
        page.act_asked.connect(self._ask)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.send)
        self._timer.start(retry_ms)

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

        def work(job: Job) -> tuple[int, int]:
            wrong = self._reverification.look_again(cancelled=lambda: job.is_cancelled)
            sent = self._courier.deliver(force=force, cancelled=lambda: job.is_cancelled)
            return wrong, 0 if job.is_cancelled else sent + self._completer.complete(force=force)

        self._page.set_busy(force)
        self._sending = self._executor.run(Pool.NETWORK, work, lambda moved: self._sent(*moved), self._failed)

    def refresh(self) -> None:
        """Read the outbox again."""
        self._executor.run(
            Pool.STORE,
            lambda _job: (
                self._store.outbox.deliveries(),
                self._store.completions.completions(),
                self._titles(),
            ),
            lambda found: self._show(*found),
            self._window.notices.show_error,
        )

    def _ask(self, act: DeliveryAct, draft: DraftId) -> None:
        if act is not DeliveryAct.CANCEL:
            self._decide(act, draft)
            return
        words = self._words()
        dialog = ConfirmDialog(
            words.text("outbox.confirm.title"),
            self._page.title_of(draft),
            words.text("outbox.confirm.question"),
            words.text("outbox.confirm.yes"),
            words.text("outbox.confirm.back"),
            self._window,
        )
        dialog.accepted.connect(lambda: self._decide(act, draft))
        dialog.open()

    def _decide(self, act: DeliveryAct, draft: DraftId) -> None:
        self._executor.run(
            Pool.STORE,
            lambda _job: self._store.decisions.decide(act, draft),
            lambda decided: self._decided(act, decided),
            self._not_decided,
        )

    def _decided(self, act: DeliveryAct, decided: Decided) -> None:
        self.refresh()
        words = self._words()
        again = words.text("outbox.page.draft_again") if decided.draft else ""
        self._window.notices.show_notice(" ".join(filter(None, (words.text(f"outbox.done.{act.value}"), again))))
        if act in (DeliveryAct.FORCE, DeliveryAct.RELEASE):
            self.send()

    def _not_decided(self, error: WorkstationError) -> None:
        # What the page showed was out of date.
        self.refresh()
        self._window.notices.show_error(error)

    def _sent(self, wrong: int, moved: int) -> None:
        self._sending = None
        self._page.set_busy(False)
        self.refresh()
        words = self._words()
        if wrong:
            self._window.notices.show_warning(words.text("outbox.page.found_wrong", count=wrong))
        elif moved:
            self._window.notices.show_notice(words.text("outbox.page.moved", count=moved))
        self.settled.emit()

    def _failed(self, error: WorkstationError) -> None:
        self._sending = None
        self._page.set_busy(False)
        self._window.notices.show_error(error)
        self.settled.emit()

    def _show(
        self, deliveries: tuple[Delivery, ...], completions: tuple[Completion, ...], titles: dict[str, str]
    ) -> None:
        waiting = sum(one.state not in SETTLED for one in deliveries)
        self._window.status.show_outbox(waiting)
        self._window.set_badge("outbox", waiting)
        self._page.show_deliveries(deliveries, titles, completions)

    def _titles(self) -> dict[str, str]:
        language = self._words().language
        titles: dict[str, str] = {}
        for delivery in self._store.outbox.deliveries():
            study = self._store.holdings.study(delivery.study)
            if study is not None:
                parts = (study.patient.name.display, study.description, dicom_date(study.date, language))
                titles[delivery.draft] = " · ".join(part for part in parts if part)
        return titles


def is_sent(study: StudyUID, deliveries: Iterable[Delivery]) -> bool:
    """Whether a study has signed objects and its hub gave every one of them back; what was cancelled does not count."""
    states = {one.state for one in deliveries if one.study == study} - {DeliveryState.CANCELLED}
    return states == {DeliveryState.SENT}
