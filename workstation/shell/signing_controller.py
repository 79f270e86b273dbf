"""From "sign" to the outbox: checks, the final document, the code, the signatures."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from workstation.domain.reader import Reader
from workstation.errors import WorkstationError
from workstation.reading.finishing import Prepared
from workstation.reading.session import ReadingSession
from workstation.report.checks import Check, unsettled
from workstation.runtime.executor import Executor, Pool
from workstation.shell.case_controller import CaseController
from workstation.shell.case_services import CaseServices
from workstation.shell.main_window import MainWindow
from workstation.shell.pages_view import Page
from workstation.shell.report_editor import ReportEditor
from workstation.shell.sign_dialog import SignDialog, SigningFacts
from workstation.store.errors import DraftChanged
from workstation.translations import Translator, translator

_DPI = 110


class Identity(Protocol):
    """Who signs; the code is told only of the demonstration identity."""

    @property
    def demonstration(self) -> bool:
        """Whether it is the demonstration identity."""

    @property
    def holder(self) -> str:
        """Whom the certificate names."""

    @property
    def code(self) -> str:
        """The code of the demonstration identity."""


class SigningDesk(Protocol):
    """Who signs with this profile; methods block."""

    def identity(self, reader: Reader) -> Identity:
        """Return who signs with this profile."""

    def sign(self, prepared: Prepared, reader: Reader, code: str) -> int:
        """Sign a prepared report with the profile's signer and queue its objects; return how many."""


class SigningController(QObject):
    """Never signs anything but the document that the dialog showed."""

    signed = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        editor: ReportEditor,
        case: CaseController,
        services: CaseServices,
        desk: SigningDesk,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._editor = editor
        self._case = case
        self._services = services
        self._desk = desk
        self._executor = executor
        self._words = words
        self._busy = False
        editor.check_asked.connect(self._look)
        case.sign_asked.connect(lambda _session: self._try())

    def _look(self) -> None:
        self._with_checks(lambda _session, _reader, _checks: None)

    def _try(self) -> None:
        self._with_checks(self._prepare)

    def _with_checks(self, then: Callable[[ReadingSession, Reader, tuple[Check, ...]], None]) -> None:
        session, reader = self._case.session, self._case.reader()
        if session is None or reader is None or self._busy:
            return
        self._set_busy(True)
        self._case.flush()
        draft = session.draft

        def looked(checks: tuple[Check, ...]) -> None:
            self._set_busy(False)
            if self._case.session is not session:
                return
            self._editor.show_checks(checks)
            then(session, reader, checks)

        def work(_job: object) -> tuple[Check, ...]:
            demonstration = self._desk.identity(reader).demonstration
            return self._services.finishing.checks(draft, reader, demonstration=demonstration)

        self._executor.run(Pool.COMPUTE, work, looked, self._failed)

    def _prepare(self, session: ReadingSession, reader: Reader, checks: tuple[Check, ...]) -> None:
        accepted = self._editor.checks.accepted
        if unsettled(checks, accepted):
            return
        draft = session.draft

        def work(_job: object) -> tuple[Prepared, tuple[Page, ...], Identity]:
            identity = self._desk.identity(reader)
            demonstration = identity.demonstration
            prepared = self._services.finishing.prepare(draft, reader, accepted, demonstration=demonstration)
            decoder, document = self._services.decoder, prepared.document
            pages = tuple(decoder.render_pdf(document, n, _DPI) for n in range(decoder.pdf_pages(document)))
            return prepared, pages, identity

        self._set_busy(True)
        self._executor.run(Pool.COMPUTE, work, lambda found: self._ask(session, reader, checks, *found), self._failed)

    def _ask(
        self,
        session: ReadingSession,
        reader: Reader,
        checks: tuple[Check, ...],
        prepared: Prepared,
        pages: tuple[Page, ...],
        identity: Identity,
    ) -> None:
        self._set_busy(False)
        if self._case.session is not session:
            return
        self._case.flush()
        if not session.draft.says_the_same_as(prepared.draft):
            self._failed(DraftChanged("written to while the document was being made"))
            return
        report_words = translator(prepared.draft.language)
        accepted = [one.accept(report_words).sentence for one in checks if one.id in self._editor.checks.accepted]
        target = prepared.report.request.hub if prepared.report.request else ""
        facts = SigningFacts(
            reader,
            target,
            accepted,
            demonstration=identity.demonstration,
            code=identity.code,
            holder=identity.holder,
        )
        dialog = SignDialog(self._words(), facts, pages, self._window)
        dialog.accepted.connect(lambda: self._sign(session, prepared, reader, dialog.code))
        dialog.open()

    def _sign(self, session: ReadingSession, prepared: Prepared, reader: Reader, code: str) -> None:
        self._set_busy(True)
        # What is typed or drawn from here on would not be in the report.
        session.set_being_signed(True)
        self._executor.run(
            Pool.COMPUTE,
            lambda _job: self._desk.sign(prepared, reader, code),
            lambda _count: self._done(session, prepared),
            lambda error: self._not_signed(session, error),
        )

    def _done(self, session: ReadingSession, prepared: Prepared) -> None:
        self._set_busy(False)
        if self._case.session is session:
            self._case.finish()
        self._window.notices.show_notice(self._words().text("sign.done"))
        self.signed.emit(prepared.draft.study)

    def _not_signed(self, session: ReadingSession, error: WorkstationError) -> None:
        session.set_being_signed(False)
        self._failed(error)

    def _failed(self, error: WorkstationError) -> None:
        self._set_busy(False)
        self._window.notices.show_error(error)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._editor.sign.setEnabled(not busy)
        if busy:
            self._window.status.show_loading("case.preparing", 0, None)
        else:
            self._window.status.show_idle()
