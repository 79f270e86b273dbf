"""Keys and mouse: kept in the profile, shown in the settings, used by the reading page."""

from workstation.app.core import Core
from workstation.domain.hands import Hands
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
        self.box.sheet_asked.connect(reading.show_keys)

    def start(self) -> None:
        """Show and use what the profile holds."""
        hands = self._core.store.settings.hands
        self._executor.run(Pool.STORE, lambda _job: hands(), self._use, self._window.notices.show_error)

    def retranslate(self, words: Translator) -> None:
        """Show the box in another language."""
        self.box.retranslate(words)

    def _use(self, hands: Hands) -> None:
        self.box.show_hands(hands)
        self._reading.set_hands(hands)

    def _change(self, hands: Hands) -> None:
        self._reading.set_hands(hands)
        self._executor.run(
            Pool.STORE,
            lambda _job: self._core.store.settings.set_hands(hands),
            lambda _none: None,
            self._window.notices.show_error,
        )
