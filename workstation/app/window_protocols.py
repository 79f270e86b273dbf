"""Hanging protocols in the window: read from the program and the profile, kept as the reader chooses among them."""

from collections.abc import Collection, Sequence

from workstation.app.core import Core
from workstation.reading.protocols.shelf import Shelf, shelf_of
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.main_window import MainWindow
from workstation.shell.protocol_hanging import ProtocolHanging
from workstation.shell.protocols_box import ProtocolsBox
from workstation.shell.settings_page import SettingsPage
from workstation.translations import Translator

_CHOSEN = "protocols"


class WindowProtocols:
    """Gives the reading page its protocols."""

    def __init__(
        self,
        core: Core,
        executor: Executor,
        window: MainWindow,
        page: SettingsPage,
        hanging: ProtocolHanging,
        words: Translator,
    ) -> None:
        self._core = core
        self._executor = executor
        self._window = window
        self._hanging = hanging
        self.box = ProtocolsBox(words)
        page.add_box(self.box)
        self.box.changed.connect(self._order)
        hanging.shelf_changed.connect(self._keep)

    def start(self) -> None:
        """Read the protocols; files of the reader that are none are named in the settings."""
        core = self._core

        def read(_job: Job) -> Shelf:
            return shelf_of(core.profile.protocols, core.store.settings.value(_CHOSEN))

        self._executor.run(Pool.STORE, read, self._use, self._window.notices.show_error)

    def retranslate(self, words: Translator) -> None:
        """Show the box in another language."""
        self.box.retranslate(words)

    def _use(self, shelf: Shelf) -> None:
        self._hanging.take_shelf(shelf)
        self.box.show_shelf(shelf)
        for error in shelf.refused:
            self._window.notices.show_error(error)

    def _order(self, order: Sequence[str], off: Collection[str]) -> None:
        self._hanging.shelf = self._hanging.shelf.arranged(order, off)
        self._keep(self._hanging.shelf)

    def _keep(self, shelf: Shelf) -> None:
        text = shelf.write()
        self._executor.run(
            Pool.STORE,
            lambda _job: self._core.store.settings.set_value(_CHOSEN, text),
            lambda _none: None,
            self._window.notices.show_error,
        )
