"""Sign-in at hubs from the window: the browser is opened, waited for in the background, and what waited goes on."""

import webbrowser
from collections.abc import Callable

from workstation.app.core import Core
from workstation.app.errors import NoBrowser
from workstation.domain.hub import SignInKind
from workstation.domain.identifiers import HubName
from workstation.errors import WorkstationError
from workstation.hub.sign_in.kind import Browser
from workstation.hub.sign_in.tokens import holds_session
from workstation.runtime.executor import Executor, Job, Pool
from workstation.shell.main_window import MainWindow
from workstation.shell.settings_page import SettingsPage
from workstation.shell.sign_in_box import SignInBox
from workstation.store.sign_in_shelf import SignInShelf
from workstation.translations import Translator


class WindowSignIns:
    """Carries out what the box of the settings asks for; ``signed_in`` is called when a hub lets the reader in."""

    def __init__(
        self,
        core: Core,
        executor: Executor,
        window: MainWindow,
        page: SettingsPage,
        words: Callable[[], Translator],
        signed_in: Callable[[], None],
    ) -> None:
        self._core = core
        self._executor = executor
        self._window = window
        self._words = words
        self._signed_in = signed_in
        self._jobs: dict[HubName, Job] = {}
        self.box = SignInBox(words())
        page.add_box(self.box)
        self.box.asked.connect(self._sign_in)
        self.box.stopped.connect(self._stop)

    def start(self) -> None:
        """Show the hubs that ask in the browser, and say so where nobody is signed in."""

        def look() -> dict[HubName, bool]:
            settings = self._core.store.settings
            asking = (hub.name for hub in settings.hubs() if hub.sign_in is SignInKind.OIDC)
            return {name: holds_session(SignInShelf(settings, name).held()) for name in asking}

        self._executor.run(Pool.STORE, lambda _job: look(), self._show, self._window.notices.show_error)

    def retranslate(self, words: Translator) -> None:
        """Show the box in another language."""
        self.box.retranslate(words)

    def _show(self, hubs: dict[HubName, bool]) -> None:
        self.box.show_hubs(hubs)
        missing = ", ".join(name for name, is_signed_in in hubs.items() if not is_signed_in)
        if missing:
            self._window.notices.show_notice(self._words().text("hub_sign_in.notice", hubs=missing))

    def _sign_in(self, hub: HubName) -> None:
        browser = Browser(_visit, self._words().text("hub_sign_in.done"))

        def work(job: Job) -> None:
            self._core.hubs.client(hub).sign_in(browser, lambda: job.is_cancelled)

        def told(_none: None) -> None:
            self._end(hub)
            self._window.notices.show_notice(self._words().text("cli.hub.sign_in.done", hub=hub))
            self.start()
            self._signed_in()

        def refused(error: WorkstationError) -> None:
            self._end(hub)
            self._window.notices.show_error(error)

        self._jobs[hub] = self._executor.run(Pool.LISTENING, work, told, refused)
        self.box.show_waiting(frozenset(self._jobs))

    def _stop(self, hub: HubName) -> None:
        job = self._jobs.get(hub)
        if job is not None:
            job.cancel()
            self._end(hub)

    def _end(self, hub: HubName) -> None:
        self._jobs.pop(hub, None)
        self.box.show_waiting(frozenset(self._jobs))


def _visit(address: str) -> None:
    """Show an address in the system's browser.

    Raises
    ------
    NoBrowser
        There is none.
    """
    if not webbrowser.open(address):
        raise NoBrowser("no browser opens")
