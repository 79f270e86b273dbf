"""What the desktop announces: that the computer goes to sleep, or that the session is locked.

Heard on Linux through D-Bus (logind, and the screen savers of the desktops). On Windows and macOS nothing is heard
here; there the leap of the clock and the idle time lock the window.
"""

import sys
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot

_LOGIND = "org.freedesktop.login1"
_SCREEN_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")


def _slot(signature: str) -> Any:
    # The published types ask for bytes, the library itself for text.
    return SLOT(signature)


class SessionWatch(QObject):
    """Says that the screen will be left; hears nothing where there is no bus."""

    sleeping = Signal()
    locked = Signal()

    def listen(self, system_bus: str = "", session_bus: str = "") -> bool:
        """Begin to listen, on the buses of this session unless addresses are given; false where nothing is heard."""
        if sys.platform != "linux":
            return False
        # D-Bus exists on Linux alone.
        from PySide6.QtDBus import QDBusConnection

        def named(address: str) -> QDBusConnection:
            return QDBusConnection.connectToBus(address, f"requis {address}")

        system = named(system_bus) if system_bus else QDBusConnection.systemBus()
        session = named(session_bus) if session_bus else QDBusConnection.sessionBus()
        heard = [
            system.connect("", "", f"{_LOGIND}.Manager", "PrepareForSleep", self, _slot("_prepare(bool)")),
            system.connect("", "", f"{_LOGIND}.Session", "Lock", self, _slot("_lock()")),
            *(session.connect("", "", one, "ActiveChanged", self, _slot("_cover(bool)")) for one in _SCREEN_SAVERS),
        ]
        return any(heard)

    @Slot(bool)
    def _prepare(self, going: bool) -> None:
        if going:
            self.sleeping.emit()

    @Slot()
    def _lock(self) -> None:
        self.locked.emit()

    @Slot(bool)
    def _cover(self, active: bool) -> None:
        if active:
            self.locked.emit()
