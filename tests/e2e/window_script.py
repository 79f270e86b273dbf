"""Reads one demonstration case in the real window, with a real pointer and real keys, and prints what came of it.

Run as ``python -m tests.e2e.window_script HOME ARTEFACTS`` on a display of its own.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QRect
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from tests.support.displays import READING_ROOM, on
from tests.support.ports import free_port
from tests.support.xserver import Hand
from viewers.identifiers import ViewportId
from viewers.state.view_state import ViewState
from workstation.app.core import Core, open_core
from workstation.app.demonstration import open_demonstration
from workstation.app.window_parts import WindowParts, build_parts
from workstation.config import Profile
from workstation.domain.delivery import CompletionState, DeliveryState
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.reading.views import Views
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell import theme
from workstation.shell.queue_model import COLUMNS
from workstation.shell.sign_dialog import SignDialog
from workstation.translations import translator

PATIENCE_S = 60.0
TEXTS = {
    "indication": "Indication justifiée : bilan avant traitement.",
    "protocol": "99 coupes de 5 mm sans injection, qualité suffisante.",
    "dose": "Non transmise.",
    "comparison": "Scanner abdomino-pelvien du 04/01/1960 : autre région.",
    "first_report": "Lu : pas d’adénopathie de taille significative.",
    "findings": "Ganglions axillaires à centre graisseux, petit axe < 10 mm.",
    "conclusion": "Pas d’adénopathie de plus de 10 mm de petit axe.",
    "recommendations": "Échographie axillaire si elle change le traitement.",
    "limits": "Examen sans injection.",
}


class Script:
    """The reader's morning, step by step; every wait ends or fails by name."""

    def __init__(self, application: QApplication, parts: WindowParts, core: Core, artefacts: Path) -> None:
        self.application = application
        self.parts = parts
        self.core = core
        self.artefacts = artefacts
        self.hand = Hand(application.processEvents)
        self.shots = 0
        self.facts: dict[str, object] = {}

    def wait(self, what: str, condition: Callable[[], bool]) -> None:
        """Let the window work until ``condition`` holds."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                self.shot("failed")
                raise SystemExit(f"waited in vain: {what}")
            self.application.processEvents()
            time.sleep(0.005)

    def rest(self, seconds: float) -> None:
        """Let the window work for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.005)

    def shot(self, name: str) -> None:
        """Keep a picture of the window, or of the dialog over it."""
        self.rest(0.4)
        widget: QWidget = self.application.activeModalWidget() or self.parts.window
        self.shots += 1
        widget.grab().save(str(self.artefacts / f"{self.shots:02d}-{name}.png"))

    def centre(self, widget: QWidget) -> tuple[int, int]:
        """Return where the middle of a widget lies on the screen."""
        place = widget.mapToGlobal(widget.rect().center())
        return place.x(), place.y()

    def click(self, widget: QWidget) -> None:
        """Click in the middle of a widget."""
        self.hand.click(*self.centre(widget))

    def read_queue(self) -> None:
        """Choose the request that has a prior, and open it with the keyboard."""
        page = self.parts.queue_page
        self.wait("the queue is shown", lambda: page.model.rowCount() >= 5)
        self.wait("the first report is previewed", lambda: bool(page.details.first_report.toPlainText()))
        self.shot("queue")
        row = next(row for row in range(page.model.rowCount()) if page.model.request(row).priors)
        cell = page.table.visualRect(page.model.index(row, 1))
        place = page.table.viewport().mapToGlobal(cell.center())
        self.hand.click(place.x(), place.y())
        self.wait("the row is chosen", lambda: page.table.currentIndex().row() == row)
        self.hand.key("Return")
        self.wait("the case is opened", lambda: self.parts.case.session is not None)
        self.wait("the images are shown", self._has_picture)

    def look(self) -> None:
        """Scroll, change the window by key and by dragging, cut planes, compare with the prior."""
        views, board = self.views, self.parts.reading_page.board
        viewport = views.layout.active
        pane = self.pane(viewport)
        x, y = pane.center().x(), pane.center().y()
        before = self._state(viewport).slice_index
        self.hand.wheel(x, y, 5)
        self.wait("the wheel scrolls", lambda: self._state(viewport).slice_index == before + 5)
        self.hand.key("3")
        self.wait("the lung window is shown", lambda: self._window(viewport) == (-600.0, 1500.0))
        self.hand.key("2")
        self.wait("the soft tissue window is shown", lambda: self._window(viewport) == (40.0, 400.0))
        self.hand.click(x, y)
        # A press at the same place any sooner would be the second one of a double click.
        self.rest(2 * self.application.doubleClickInterval() / 1000)
        self.facts["window_after_click"] = self._window(viewport)
        self.hand.drag((x, y), (x + 60, y))
        self.wait("a drag widens the window", lambda: self._window(viewport)[1] > 420.0)
        self.hand.key("2")
        self.shot("stack")
        self.hand.key("m")
        self.wait("three planes are shown", lambda: len(views.layout.viewports) == 4)
        self.wait("the planes are drawn", lambda: len(board.contents) >= 3)
        axial = self.pane(ViewportId("v1"))
        self.hand.key("x")
        self.hand.drag((axial.center().x(), axial.center().y()), (axial.center().x() + 40, axial.center().y() - 30))
        self.wait("the crosshair is shared", lambda: self._state(ViewportId("v2")).centre_lps is not None)
        self.rest(3.0)
        self.shot("mpr")
        self.hand.key("j")
        self.wait("the prior stands beside", lambda: len(board.contents) == 2)
        self.rest(1.0)
        self.shot("compare")
        self.hand.key("n")
        self.wait("the stack is back", lambda: len(views.layout.viewports) == 1 and self._has_picture())

    def measure(self) -> None:
        """Draw a length, an ellipse and an arrow with its text, undo and redo, mark a key image."""
        session = self.parts.case.session
        assert session is not None
        pane = self.pane(self.views.layout.active)
        x, y = pane.center().x(), pane.center().y()
        self.hand.key("d")
        self.hand.drag((x - 60, y), (x + 60, y))
        self.wait("a length is placed", lambda: len(session.annotations) == 1)
        self.hand.key("e")
        self.hand.drag((x - 40, y + 50), (x + 40, y + 90))
        self.wait("an ellipse is placed", lambda: len(session.annotations) == 2)
        self.hand.key("ctrl+z")
        self.wait("undo takes it back", lambda: len(session.annotations) == 1)
        self.hand.key("ctrl+y")
        self.wait("redo brings it again", lambda: len(session.annotations) == 2)
        self.hand.key("q")
        self.hand.drag((x + 120, y - 120), (x + 60, y - 60))
        self.wait("an arrow is placed", lambda: len(session.annotations) == 3)
        self.rest(0.3)
        self.hand.type("ganglion")
        self.hand.key("Return")
        self.wait("the arrow has its text", lambda: session.annotations[2].text == "ganglion")
        self.hand.key("w")
        self.hand.key("k")
        self.wait("the image is a key image", lambda: len(session.answers.key_images) == 1)
        self.parts.reading_page.show_tab("measurements")
        self.shot("measured")
        self.parts.reading_page.show_tab("report")
        study = session.draft.study
        self.facts["measured"] = [
            {"tool": one.tool, "values": [asdict(v) for v in self.core.images.measure(study, one).values]}
            for one in session.annotations
        ]

    def write(self) -> None:
        """Fill every section by typing, choose the agreement with the keyboard."""
        editor = self.parts.editor
        session = self.parts.case.session
        assert session is not None
        for section, text in TEXTS.items():
            editor.jump(section)
            self.wait(f"the cursor is in {section}", editor.fields[section].hasFocus)
            self._enter(text)
        editor.jump("agreement")
        self.wait("the cursor is in the agreement", editor.agreement.grade.hasFocus)
        self.hand.key("Down")
        self.wait("A0 is chosen", lambda: editor.agreement.agreement is not None)
        self.wait(
            "every letter is in the draft",
            lambda: all(session.answers.sections.get(section) == text for section, text in TEXTS.items()),
        )
        self.wait("everything is saved", lambda: self.parts.case.is_saved)
        self.shot("report")

    def sign(self) -> None:
        """Ask for the signature, settle the checks, give the code."""
        editor = self.parts.editor
        self.click(editor.sign)
        self.wait("the checks are listed", editor.checks.isVisible)
        unsettled = [box for box in editor.checks._boxes.values() if not box.isChecked()]
        for box in unsettled:
            self.click(box)
        if unsettled:
            self.shot("checks")
            self.click(editor.sign)
        self.wait("the final document is shown", lambda: self._dialog() is not None)
        dialog = self._dialog()
        assert dialog is not None
        self.wait("its pages are there", lambda: dialog.pages.page_count > 0 and dialog.isVisible())
        self.shot("sign")
        self.click(dialog.field)
        self.hand.type(dialog.shown_code)
        self.wait("the code is typed", lambda: dialog.code == dialog.shown_code)
        self.hand.key("Return")
        self.wait("the case is signed", lambda: self.parts.case.session is None)

    def deliver(self) -> None:
        """See that every object is sent, the request completed, and what the hub holds verified."""
        store = self.core.store

        def sent() -> bool:
            deliveries = store.outbox.deliveries()
            return bool(deliveries) and all(one.state is DeliveryState.SENT for one in deliveries)

        def completed() -> bool:
            return all(one.state is CompletionState.COMPLETED for one in store.completions.completions())

        self.wait("everything is sent", sent)
        self.wait("the request is completed", completed)
        self.rest(1.0)
        self.shot("outbox")
        self.wait("the objects are verified", lambda: bool(self.parts.verification_panel.text))
        self.click(self.parts.window.page_button("verification"))
        self.shot("verification")
        self.facts["deliveries"] = [
            {"role": one.role.value, "study": one.study, "series": one.series, "instance": one.instance}
            for one in store.outbox.deliveries()
        ]
        self.facts["verification"] = self.parts.verification_panel.text

    def see_a_mirror(self, hub_url: str) -> None:
        """Have a hub that is away and the demonstration's hub as its mirror: what only that lists is marked."""
        site, settings = HubName("site"), self.core.store.settings
        settings.add_hub(HubSettings(site, f"http://127.0.0.1:{free_port()}/dicom-web"))
        settings.add_hub(HubSettings(HubName("copy"), hub_url, mirror_of=site))
        self.click(self.parts.window.page_button("queue"))
        page, state = self.parts.queue_page, COLUMNS.index("state")
        self.click(page.refresh)

        def marked() -> list[QModelIndex]:
            rows = range(page.model.rowCount())
            return [page.model.index(row, state) for row in rows if page.model.request(row).hub == site]

        self.wait("the requests of the mirror are listed", lambda: len(marked()) > 1)
        self.shot("mirror")
        self.facts["mirrored"] = sorted({str(page.model.data(one)) for one in marked()})
        self.facts["needed_height"] = max(page.table.sizeHintForIndex(one).height() for one in marked())
        self.facts["row_height"] = page.table.rowHeight(0)

    def _enter(self, text: str) -> None:
        """Type a text; one with letters that a test's keyboard lacks is pasted, as a dictated one would be."""
        if text.isascii():
            self.hand.type(text)
            return
        self.application.clipboard().setText(text)
        self.hand.key("ctrl+v")

    def pane(self, viewport: ViewportId) -> QRect:
        """Return where a viewport lies on the screen."""
        widget = self.parts.reading_page.board.grid.viewports[viewport]
        return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())

    @property
    def views(self) -> Views:
        """The views of the open case."""
        views = self.parts.case.views
        assert views is not None
        return views

    def _dialog(self) -> SignDialog | None:
        found: QWidget | None = self.application.activeModalWidget()
        return found if isinstance(found, SignDialog) and isinstance(found, QDialog) else None

    def _has_picture(self) -> bool:
        views = self.parts.case.views
        return views is not None and views.resolved(views.layout.active) is not None

    def _state(self, viewport: ViewportId) -> ViewState:
        state = self.views.state(viewport)
        assert state is not None
        return state

    def _window(self, viewport: ViewportId) -> tuple[float, float]:
        resolved = self.views.resolved(viewport)
        assert resolved is not None
        return resolved.window.centre, resolved.window.width


def main(home: Path, artefacts: Path) -> None:
    """Run the script and print the facts as JSON."""
    words = translator("fr")
    artefacts.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    theme.apply(application)
    with open_demonstration(Profile(home), lambda _line: None, words) as demonstration:
        core_context = open_core(demonstration.profile, None, passphrase=demonstration.passphrase)
        with core_context as core:
            main_thread = MainThread()
            executor = Executor(main_thread.post)
            parts = build_parts(core, executor, words, asks=False, displays=on(READING_ROOM))
            parts.window.show()
            parts.start()
            script = Script(application, parts, core, artefacts)
            try:
                for step in (script.read_queue, script.look, script.measure, script.write, script.sign, script.deliver):
                    step()
                script.see_a_mirror(demonstration.hub_url)
                script.facts["authority"] = core.signers.trust_list_pem()
            finally:
                parts.window.close()
                executor.close()
    sys.stdout.write(json.dumps(script.facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
