"""What a sign-in at a hub keeps in the profile: one encrypted secret per hub, gone with the hub."""

from workstation.domain.identifiers import HubName
from workstation.store.settings import SettingsStore, sign_in_secret


class SignInShelf:
    """The secret of one hub. The audit log is told of the first and of the last, not of each renewal."""

    def __init__(self, settings: SettingsStore, hub: HubName) -> None:
        self._settings = settings
        self._name = sign_in_secret(hub)

    def held(self) -> str | None:
        """Return what is kept, or ``None``."""
        content = self._settings.secret(self._name)
        return None if content is None else content.decode("utf-8")

    def keep(self, text: str) -> None:
        """Keep a text instead of what was kept."""
        self._settings.set_secret(self._name, text.encode("utf-8"), is_told=self.held() is None)

    def forget(self) -> None:
        """Destroy what is kept."""
        self._settings.remove_secret(self._name)
