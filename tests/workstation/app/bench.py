"""A window over a real profile, whose cases are opened from what the profile holds."""

import threading
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.displays import READING_ROOM, on
from tests.support.patience import PATIENCE_MS
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.store.samples import make_request
from viewers.identifiers import ViewportId
from viewers.qt.viewport import ViewportWidget
from workstation.app.core import Core
from workstation.app.window_parts import WindowParts, build_parts
from workstation.domain.identifiers import DraftId
from workstation.domain.report import Draft
from workstation.domain.request import Request
from workstation.reading.opening import OpenedCase
from workstation.reading.session import ReadingSession
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.translations import translator

LEFT, PLAIN, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@dataclass
class Bench:
    """A window whose hub does not answer, so that every case is opened from what the profile holds."""

    core: Core
    parts: WindowParts
    executor: Executor
    qtbot: QtBot
    gates: dict[str, threading.Event] = field(default_factory=dict)

    def opened(self, request: Request) -> OpenedCase:
        """Stand for the opening of a case: the draft is read first, then the network takes its time."""
        draft = self.core.drafting.load(DraftId(request.id))
        gate = self.gates.get(request.id)
        assert gate is None or gate.wait(10)
        return OpenedCase(request, (), draft, offline=True)

    def open(self, identifier: str) -> None:
        self.parts.case.open(make_request(identifier))

    def shown(self, identifier: str) -> bool:
        request = self.parts.case.request
        return request is not None and request.id == identifier

    def read(self, identifier: str) -> None:
        self.open(identifier)
        self.qtbot.waitUntil(lambda: self.shown(identifier), timeout=PATIENCE_MS)

    def type(self, words: str) -> None:
        self.qtbot.keyClicks(self.parts.editor.fields["findings"], words)

    def close(self) -> None:
        """Close as the window does: the event loop ends at once, then the executor is put away."""
        self.parts.window.close()
        self.executor.close()

    def findings(self, identifier: str) -> str:
        return self.core.drafting.load(DraftId(identifier)).answers.sections.get("findings", "")

    def disk(self, identifier: str = "r1") -> Draft:
        """Return the draft as another process would find it."""
        return self.core.drafting.load(DraftId(identifier))

    @property
    def session(self) -> ReadingSession:
        session = self.parts.case.session
        assert session is not None
        return session

    def settle(self) -> None:
        """Wait until the disk has everything that was done."""
        self.qtbot.waitUntil(lambda: self.parts.case.is_saved, timeout=PATIENCE_MS)

    def show_images(self) -> ViewportWidget:
        """Let the images of the case come, and give their viewport the keyboard."""
        page = self.parts.reading_page
        page.images.put_volumes([volume_of(axial_grid([float(z) for z in range(8)]), smooth)])
        viewport = page.board.grid.viewports[ViewportId("v1")]
        self.qtbot.waitUntil(lambda: ViewportId("v1") in page.board.contents, timeout=PATIENCE_MS)
        viewport.setFocus()
        return viewport

    def draw(
        self, viewport: ViewportWidget, start: tuple[int, int] = (60, 60), end: tuple[int, int] = (120, 90)
    ) -> None:
        """Draw a length with the pointer."""
        QTest.keyClick(viewport, Qt.Key.Key_D)
        QTest.mousePress(viewport, LEFT, PLAIN, QPoint(*start))
        QTest.mouseMove(viewport, QPoint(*end))
        QTest.mouseRelease(viewport, LEFT, PLAIN, QPoint(*end))

    def restart(self) -> "Bench":
        """Close the window and open another one over the same profile."""
        self.close()
        return window_over(self.core, self.qtbot)


def window_over(core: Core, qtbot: QtBot) -> Bench:
    """Build and show the window of a profile."""
    main_thread = MainThread()
    executor = Executor(main_thread.post)
    bench = Bench(core, build_parts(core, executor, translator("en"), displays=on(READING_ROOM)), executor, qtbot)
    bench.parts.window.closed.connect(bench.parts.close)
    qtbot.addWidget(bench.parts.window)
    bench.parts.window.show()
    return bench
