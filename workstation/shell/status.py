"""The status bar: hubs, what is loading, the outbox, the vault, who reads."""

from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from workstation.domain.link import LinkSpeed, megabits_per_s
from workstation.domain.reader import Reader
from workstation.shell.formats import decimal
from workstation.shell.labels import plain
from workstation.translations import Translator

# Below, a tenth matters.
_WHOLE_MBIT_S = 10.0


class StatusLine(QStatusBar):
    """Always tells the truth about what the reader cannot see."""

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self._translator = translator
        self._hubs, self._link, self._outbox, self._vault, self._reader = plain(), plain(), plain(), plain(), plain()
        self._loading = plain()
        self._speed: LinkSpeed | None = None
        self.progress = QProgressBar()
        self.progress.setFixedWidth(180)
        self.cancel = QPushButton()
        self._facts: dict[QLabel, tuple[str, dict[str, str | int | float]]] = {}
        self.addWidget(self._loading)
        self.addWidget(self.progress)
        self.addWidget(self.cancel)
        for label in (self._hubs, self._link, self._outbox, self._vault, self._reader):
            self.addPermanentWidget(label)
        self.retranslate(translator)
        self.show_idle()

    def show_hubs(self, reachable: int, total: int) -> None:
        """Show how many hubs answer."""
        self._say(self._hubs, "shell.status.hubs", reachable=reachable, total=total)

    def show_link(self, speed: LinkSpeed | None) -> None:
        """Show how fast the link is, of several the slowest; ``None`` where nothing was measured."""
        self._speed = speed
        if speed is None:
            self._say(self._link, "shell.status.no_link")
            return
        exact = megabits_per_s(speed.bytes_per_s)
        megabits = round(exact, 0 if exact >= _WHOLE_MBIT_S else 1)
        key = "shell.status.link_of" if speed.is_of_several else "shell.status.link"
        self._say(self._link, key, speed=decimal(megabits, self._translator.language), hub=speed.hub)

    def show_outbox(self, waiting: int) -> None:
        """Show how many objects are not confirmed."""
        self._say(self._outbox, "shell.status.outbox", waiting=waiting)

    def show_vault(self, unlocked: bool) -> None:
        """Show whether the vault is open."""
        self._say(self._vault, "shell.status.unlocked" if unlocked else "shell.status.locked")

    def show_reader(self, reader: Reader | None) -> None:
        """Show who reads."""
        name = f"{reader.display} · {reader.organisation}" if reader else ""
        self._say(self._reader, "shell.status.reader" if reader else "shell.status.no_reader", name=name)

    def show_loading(self, key: str, done: int, total: int | None) -> None:
        """Show what is loading (a key of the translations) and how far it is; ``total`` is ``None`` when unknown."""
        self._say(self._loading, key)
        self.progress.setRange(0, total or 0)
        self.progress.setValue(done)
        self.progress.setFormat(f"{done} / {total}" if total else str(done))
        self.progress.show()
        self.cancel.show()

    def show_idle(self, key: str = "") -> None:
        """Show that nothing is loading; ``key`` is how that came, in the translations."""
        if key:
            self._say(self._loading, key)
        else:
            self._facts.pop(self._loading, None)
            self._loading.clear()
        self.progress.hide()
        self.cancel.hide()

    @property
    def words(self) -> tuple[str, ...]:
        """What it says, from left to right."""
        labels = (self._loading, self._hubs, self._link, self._outbox, self._vault, self._reader)
        return tuple(label.text() for label in labels)

    def retranslate(self, translator: Translator) -> None:
        """Show the same facts in another language."""
        self._translator = translator
        self.cancel.setText(translator.text("shell.status.cancel"))
        for label, (key, details) in self._facts.items():
            label.setText(translator.text(key, **details))
        self.show_link(self._speed)

    def _say(self, label: QLabel, key: str, **details: str | int | float) -> None:
        self._facts[label] = (key, details)
        label.setText(self._translator.text(key, **details))
