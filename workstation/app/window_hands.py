"""Keys, mouse and the place of the second window: kept in the profile, used by the reading page."""

from collections.abc import Callable

from workstation.app.core import Core
from workstation.domain.hands import Hands
from workstation.domain.window_place import WindowPlace
from workstation.runtime.executor import Executor, Pool
from workstation.shell.keys.hands_box import HandsBox
from workstation.shell.main_window import MainWindow
from workstation.shell.reading_page import ReadingPage
from workstation.shell.settings_page import SettingsPage
from workstation.translations import Translator


class WindowHands:
    """Carries out what the box of the settings asks for."""

    def __init__(
        self,
        core: Core,
        executor: Executor,
        window: MainWindow,
        page: SettingsPage,
        reading: ReadingPage,
        words: Translator,
    ) -> None:
        self._core = core
        self._executor = executor
        self._window = window
        self._reading = reading
        self.box = HandsBox(words)
        page.add_box(self.box)
        self.box.changed.connect(self._change)
        self.box.sheet_asked.connect(reading.hands.show_keys)
        reading.second.placed.connect(self._keep_place)

    def start(self) -> None:
        """Show and use what the profile holds."""
        hands = self._core.store.settings.hands
        self._executor.run(Pool.STORE, lambda _job: hands(), self._use, self._window.notices.show_error)
        place = self._core.store.settings.second_window
        self._executor.run(
            Pool.STORE, lambda _job: place(), self._reading.second.place, self._window.notices.show_error
        )

    def retranslate(self, words: Translator) -> None:
        """Show the box in another language."""
        self.box.retranslate(words)

    def _use(self, hands: Hands) -> None:
        self.box.show_hands(hands)
        self._reading.hands.use(hands)

    def _keep_place(self, place: WindowPlace) -> None:
        self._keep(lambda: self._core.store.settings.set_second_window(place))

    def _change(self, hands: Hands) -> None:
        self._reading.hands.use(hands)
        self._keep(lambda: self._core.store.settings.set_hands(hands))

    def _keep(self, work: Callable[[], None]) -> None:
        self._executor.run(Pool.STORE, lambda _job: work(), lambda _none: None, self._window.notices.show_error)
