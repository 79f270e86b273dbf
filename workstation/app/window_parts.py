"""The window's parts, built and wired; nothing here decides anything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from viewers.identifiers import StudyUID
from viewers.image.warming import warm_up
from workstation import VERSION
from workstation.app.core import LANGUAGE, Core
from workstation.app.signing_desk import Desk
from workstation.app.window_hands import WindowHands
from workstation.app.window_keys import WindowKeys
from workstation.app.window_lock import WindowLock, build_lock
from workstation.app.window_protocols import WindowProtocols
from workstation.app.window_settings import WindowSettings
from workstation.app.window_sign_ins import WindowSignIns
from workstation.domain.request import READING, Progress, Request
from workstation.reading.drafting import GENERAL_TEMPLATE
from workstation.reading.identity_record import IdentityRecord
from workstation.reading.opening import Opening
from workstation.reading.preview import Previews
from workstation.reading.protocols.outlines import Outlines
from workstation.report.template import template
from workstation.runtime.executor import Executor, Pool
from workstation.shell.about import AboutDialog
from workstation.shell.admission_controller import AdmissionController
from workstation.shell.cancel_controller import CancelController
from workstation.shell.case_controller import CaseController
from workstation.shell.case_panels import FirstReportPanel, RequestPanel
from workstation.shell.case_services import CaseServices
from workstation.shell.closing import ClosingGuard
from workstation.shell.display_watch import DisplayWatch
from workstation.shell.keeping_controller import KeepingController
from workstation.shell.library_keeper import LibraryKeeper
from workstation.shell.link_watch import LinkWatch
from workstation.shell.main_window import MainWindow
from workstation.shell.objects_controller import ObjectsController
from workstation.shell.objects_panel import ObjectsPanel
from workstation.shell.outbox_controller import OutboxController
from workstation.shell.outbox_page import OutboxPage
from workstation.shell.prefetcher import Pause, Prefetcher
from workstation.shell.qt_words import QtWords
from workstation.shell.queue_controller import QueueController
from workstation.shell.queue_page import QueuePage
from workstation.shell.reading_page import ReadingPage
from workstation.shell.refetch_controller import RefetchController
from workstation.shell.report_editor import ReportEditor
from workstation.shell.settings_page import SettingsPage
from workstation.shell.signing_controller import SigningController
from workstation.shell.verification_controller import VerificationController
from workstation.shell.verification_panel import VerificationPanel
from workstation.translations import Translator, languages, translator


@dataclass
class WindowParts:
    """The pages and controllers of one window, and the language they speak."""

    core: Core
    executor: Executor
    words: Translator
    window: MainWindow
    queue_page: QueuePage
    reading_page: ReadingPage
    editor: ReportEditor
    request_panel: RequestPanel
    first_report: FirstReportPanel
    objects_panel: ObjectsPanel
    outbox_page: OutboxPage
    verification_panel: VerificationPanel
    settings_page: SettingsPage
    queue: QueueController
    case: CaseController
    cancelling: CancelController
    signing: SigningController
    outbox: OutboxController
    verification: VerificationController
    library: LibraryKeeper
    admission: AdmissionController
    refetch: RefetchController
    prefetcher: Prefetcher
    keeping: KeepingController
    link: LinkWatch
    lock: WindowLock
    keys: WindowKeys
    sign_ins: WindowSignIns
    protocols: WindowProtocols
    hands: WindowHands
    settings: WindowSettings
    qt_words: QtWords = field(default_factory=QtWords)
    _signed: set[StudyUID] = field(default_factory=set)

    def start(self) -> None:
        """Show what the profile holds, ask the hubs, and warm up what is slow the first time."""
        self.window.status.show_vault(True)
        self.settings.show()
        self.queue.refresh()
        self.outbox.refresh()
        self.outbox.send()
        self.lock.start()
        self.keys.start()
        self.sign_ins.start()
        self.hands.start()
        self.protocols.start()
        self.core.decoder.prewarm(pixels=True)
        self.library.start()
        self.executor.run(Pool.COMPUTE, lambda _job: warm_up(), lambda _none: None, self.window.notices.show_error)
        if self.core.store.settings.reader() is None:
            self.window.notices.show_notice(self.words.text("case.no_reader"))
        self.keeping.start()
        self.link.start()

    def close(self) -> None:
        """Save what is open and begin nothing more; called when the window closes."""
        self.lock.close()
        self.link.close()
        self.case.close()
        self.qt_words.fall_silent()
        self.queue.close()
        self.outbox.close()
        self.library.close()
        self.prefetcher.close()

    def speak(self, language: str) -> None:
        """Show the window in another language, at once; drafts keep theirs."""
        self.words = translator(language)
        self.qt_words.speak(language)
        self.executor.run(
            Pool.STORE,
            lambda _job: self.core.store.settings.set_value(LANGUAGE, language),
            lambda _none: None,
            self.window.notices.show_error,
        )
        for part in (
            self.window,
            self.queue_page,
            self.reading_page,
            self.editor,
            self.request_panel,
            self.first_report,
            self.objects_panel,
            self.outbox_page,
            self.verification_panel,
            self.settings_page,
            self.lock,
            self.keys,
            self.sign_ins,
            self.protocols,
            self.hands,
        ):
            part.retranslate(self.words)
        self.queue.retranslate()
        self.outbox.refresh()

    def verify_when_sent(self, study: StudyUID) -> None:
        """Send what was just signed and verify it once its hub has it; the outbox names what waits until then."""
        self._signed.add(study)
        self.outbox.refresh()
        self.outbox.send(force=True)
        self.window.show_page("outbox")
        self.queue.refresh()

    def verify_what_was_sent(self) -> None:
        """Verify what was signed and has gone by now; called when a delivery has ended."""
        sent = {study for study in self._signed if self.outbox.has_sent(study)}
        for study in sent:
            self.verification.verify_study(study)
        if sent:
            self._signed -= sent
            self.queue.refresh()

    def go_on_signed_in(self) -> None:
        """Ask again for what a hub refused before the reader had signed in there, and send what waited."""
        self.queue.refresh()
        self.outbox.send(force=True)

    def show_about(self) -> None:
        """Say what this is, and what it is not."""
        AboutDialog(self.words, VERSION, self.window).open()


def _telling_progress(core: Core, executor: Executor, window: MainWindow) -> Callable[[Request, Progress], None]:
    """Return what tells the requester, through the hub, how far a case is; nobody waits for it."""

    def tell(request: Request, progress: Progress) -> None:
        executor.run(
            Pool.NETWORK,
            lambda _job: core.worklist.report_progress(request, progress),
            lambda _none: None,
            window.notices.show_error,
        )

    return tell


def build_parts(
    core: Core, executor: Executor, words: Translator, *, asks: bool = True, displays: DisplayWatch | None = None
) -> WindowParts:
    """Build every page and controller and connect them; ``asks`` is whether a passphrase opens a locked window.

    ``displays`` tells which screens the pictures are on; those of the system where it is left out.
    """
    window = MainWindow(words, languages())
    queue_page = QueuePage(words, core.clock)
    editor = ReportEditor(words, template(GENERAL_TEMPLATE), languages())
    request_panel, first_report, objects_panel = RequestPanel(words), FirstReportPanel(words), ObjectsPanel(words)
    tabs = (("report", editor), ("request", request_panel), ("first_report", first_report), ("objects", objects_panel))
    reading_page = ReadingPage(words, tabs, displays, executor.bands)
    outbox_page, verification_panel = OutboxPage(words), VerificationPanel(words)
    settings_page = SettingsPage(words, languages())
    pages = (
        ("queue", queue_page), ("reading", reading_page), ("outbox", outbox_page),
        ("verification", verification_panel), ("settings", settings_page),
    )  # fmt: skip
    for number, (name, page) in enumerate(pages, start=1):
        window.add_page(name, page, f"Ctrl+{number}")
    parts: list[WindowParts] = []

    def present() -> Translator:
        return parts[0].words if parts else words

    services = CaseServices(
        opening=Opening(
            core.worklist,
            core.hubs,
            core.retrieval,
            core.lossy_previews,
            core.store.catalogue,
            core.drafting,
            core.store.audit,
            core.store.library,
        ),
        priors=core.priors,
        drafting=core.drafting,
        images=core.images,
        first_reports=core.first_reports,
        objects=core.objects,
        outlines=Outlines(core.store.catalogue),
        identities=IdentityRecord(core.store.audit),
        finishing=core.finishing,
        decoder=core.decoder,
        settings=core.store.settings,
        clock=core.clock,
    )
    reader = core.store.settings.reader
    previews = Previews(core.hubs, core.decoder, core.strategies, core.store.record_strangers)
    queue = QueueController(
        window, queue_page, core.worklist, core.ears, core.hubs, previews, core.priors, executor, reader, present
    )  # fmt: skip
    objects = ObjectsController(reading_page, objects_panel, window.notices, core.objects, executor, present)
    case = CaseController(
        window, reading_page, editor, request_panel, first_report, objects, services, executor, present
    )
    tell_progress = _telling_progress(core, executor, window)
    case.opened.connect(lambda request: tell_progress(request, READING))
    cancelling = CancelController(
        window, queue_page.cancel_bar, reading_page.cancel_bar, case, core.worklist, executor, present
    )
    prefetcher = Prefetcher(services.opening, executor, reader, core.store.settings.fetches_ahead, window)
    lock = build_lock(core, executor, window, case, editor, queue, present, asks=asks)
    built = WindowParts(
        core, executor, words, window, queue_page, reading_page, editor, request_panel, first_report,
        objects_panel, outbox_page,
        verification_panel, settings_page, queue, case, cancelling,
        SigningController(window, editor, case, services, Desk(core, tell_progress), executor, present),
        OutboxController(
            window, outbox_page, core.store, core.courier, core.completer, core.reverification, executor, present
        ),
        VerificationController(window, verification_panel, core.verification, executor, present),
        LibraryKeeper(window, case, core.housekeeping, executor, present),
        AdmissionController(window, reading_page, case, core.store.bars, core.store.holdings, executor, present),
        RefetchController(
            window, reading_page, case, core.store.holdings, core.hubs, services.opening, core.housekeeping,
            executor, present,
        ),
        prefetcher,
        KeepingController(window, core.store, executor, present),
        LinkWatch(window, core.store.settings.hubs, core.strategies, executor),
        lock, WindowKeys(core, executor, window, settings_page, lock, present, asks=asks),
        WindowSignIns(core, executor, window, settings_page, present, lambda: parts[0].go_on_signed_in()),
        WindowProtocols(core, executor, window, settings_page, reading_page.images.hanging.protocols, words),
        WindowHands(core, executor, window, settings_page, reading_page, words),
        WindowSettings(core, executor, window, settings_page, queue, prefetcher, present),
    )  # fmt: skip
    parts.append(built)
    built.qt_words.speak(words.language)
    window.guard_closing(ClosingGuard(case, window, present).may_close)
    _connect(built)
    return built


def _connect(parts: WindowParts) -> None:
    parts.queue_page.open_asked.connect(parts.case.open)
    parts.case.not_opened.connect(parts.queue.refresh)
    parts.queue_page.selected.connect(lambda _request: parts.case.look_elsewhere())
    parts.queue.cancel_asked.connect(parts.cancelling.hear)
    parts.queue.renewed.connect(parts.cancelling.look_through)
    parts.queue.renewed.connect(parts.prefetcher.offer)
    parts.queue.answered.connect(parts.case.arrivals.hubs_answer)
    parts.case.arrivals.line_wanted.connect(partial(parts.prefetcher.pause, Pause.CASE))
    parts.case.arrivals.line_free.connect(partial(parts.prefetcher.resume, Pause.CASE))
    parts.lock.controller.locked.connect(partial(parts.prefetcher.pause, Pause.LOCK))
    parts.lock.controller.unlocked.connect(partial(parts.prefetcher.resume, Pause.LOCK))
    parts.cancelling.answered.connect(parts.queue.refresh)
    parts.signing.signed.connect(parts.verify_when_sent)
    parts.outbox.settled.connect(parts.verify_what_was_sent)
    parts.window.language_asked.connect(parts.speak)
    parts.window.about_asked.connect(parts.show_about)
    parts.settings_page.language_chosen.connect(parts.speak)
