"""Reader, hubs and what is fetched unasked: kept in the profile, shown in the settings."""

from collections.abc import Callable
from functools import partial

from workstation.app.core import Core
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.reader import Reader
from workstation.errors import WorkstationError
from workstation.runtime.executor import Executor, Pool
from workstation.shell.confirm_dialog import ConfirmDialog
from workstation.shell.main_window import MainWindow
from workstation.shell.prefetcher import Prefetcher
from workstation.shell.queue_controller import QueueController
from workstation.shell.settings_page import SettingsPage
from workstation.store.errors import HubElsewhere
from workstation.translations import Translator


class WindowSettings:
    """Carries out what the page of the settings asks for; the queue is asked for again after each change."""

    def __init__(
        self,
        core: Core,
        executor: Executor,
        window: MainWindow,
        page: SettingsPage,
        queue: QueueController,
        prefetcher: Prefetcher,
        words: Callable[[], Translator],
    ) -> None:
        self._settings = core.store.settings
        self._executor = executor
        self._window = window
        self._page = page
        self._queue = queue
        self._prefetcher = prefetcher
        self._words = words
        self.dialog: ConfirmDialog | None = None
        page.reader_changed.connect(self._set_reader)
        page.hub_added.connect(self._add_hub)
        page.hub_removed.connect(self._remove_hub)
        page.link.previews_chosen.connect(self._set_previews)
        page.link.ahead_chosen.connect(self._set_ahead)

    def show(self) -> None:
        """Show what the profile holds."""
        settings = self._settings
        self._window.status.show_reader(settings.reader())
        self._page.show_reader(settings.reader())
        self._page.show_hubs(settings.hubs())
        self._page.link.show_wanted(previews=settings.lossy_previews(), ahead=settings.fetches_ahead())

    def _set_reader(self, reader: Reader) -> None:
        self._change(lambda: self._settings.set_reader(reader))

    def _add_hub(self, name: str, url: str) -> None:
        hub = HubSettings(HubName(name), url)
        self._change(lambda: self._settings.add_hub(hub), partial(self._not_added, hub))

    def _not_added(self, hub: HubSettings, error: WorkstationError) -> None:
        """Ask whether the hub is the one for which something waits under its name; only then it gets that."""
        if not isinstance(error, HubElsewhere):
            self._window.notices.show_error(error)
            return
        words = self._words()
        former = error.details.get("former") or words.text("same_hub.unknown")
        self.dialog = ConfirmDialog(
            words.text("same_hub.title"),
            hub.name,
            words.text("same_hub.question", url=hub.url, former=former, count=error.details["count"]),
            words.text("same_hub.confirm"),
            words.text("same_hub.back"),
            self._page,
        )
        self.dialog.accepted.connect(lambda: self._change(lambda: self._settings.add_hub(hub, is_same=True)))
        self.dialog.rejected.connect(lambda: self._page.hub_url.setText(hub.url))
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def _remove_hub(self, name: str) -> None:
        self._change(lambda: self._settings.remove_hub(HubName(name)))

    def _set_previews(self, wanted: bool) -> None:
        self._change(lambda: self._settings.set_lossy_previews(wanted=wanted))

    def _set_ahead(self, wanted: bool) -> None:
        self._prefetcher.allow(wanted)
        self._change(lambda: self._settings.set_fetches_ahead(wanted=wanted))

    def _change(self, change: Callable[[], object], failed: Callable[[WorkstationError], None] | None = None) -> None:
        def changed(_result: object) -> None:
            self.show()
            self._queue.refresh()

        self._executor.run(Pool.STORE, lambda _job: change(), changed, failed or self._window.notices.show_error)
