"""What the desktop announces: that the computer goes to sleep, or that the session is locked.

Heard on Linux through D-Bus (logind, and the screen savers of the desktops), on the window's own thread: Qt's D-Bus
module has a thread of its own, in which objects made in Python are not safe. On Windows and macOS nothing is heard
here; there the leap of the clock and the idle time lock the window.
"""

import logging
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

_log = logging.getLogger(__name__)
_SLEEP = ("org.freedesktop.login1.Manager", "PrepareForSleep")
_LOCK = ("org.freedesktop.login1.Session", "Lock")
_COVERED = (("org.freedesktop.ScreenSaver", "ActiveChanged"), ("org.gnome.ScreenSaver", "ActiveChanged"))


class SessionWatch(QObject):
    """Says that the screen will be left; hears nothing where there is no bus."""

    sleeping = Signal()
    locked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard: list[tuple[DBusConnection, QSocketNotifier]] = []

    def listen(self, system_bus: str = "SYSTEM", session_bus: str = "SESSION") -> bool:
        """Begin to listen, on the buses of this session unless addresses are given; false where nothing is heard."""
        if sys.platform != "linux":
            return False
        found = [self._join(system_bus, (_SLEEP, _LOCK)), self._join(session_bus, _COVERED)]
        return any(found)

    def close(self) -> None:
        """Hear no more."""
        for connection, notifier in self._heard:
            notifier.setEnabled(False)
            connection.close()
        self._heard.clear()

    def _join(self, bus: str, signals: tuple[tuple[str, str], ...]) -> bool:
        # The library of D-Bus exists on Linux alone.
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        try:
            connection = open_dbus_connection(bus)
            for interface, member in signals:
                connection.send(message_bus.AddMatch(MatchRule(type="signal", interface=interface, member=member)))
        except Exception as error:
            # No bus, one that does not answer, an address that is none: each fails in a way of its own.
            _log.info("no announcements of the desktop: %s", type(error).__name__)
            return False
        notifier = QSocketNotifier(connection.sock.fileno(), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(lambda: self._read(connection, notifier))
        self._heard.append((connection, notifier))
        return True

    def _read(self, connection: "DBusConnection", notifier: QSocketNotifier) -> None:
        try:
            while True:
                self._tell(connection.receive(timeout=0))
        except TimeoutError:
            return
        except Exception as error:
            notifier.setEnabled(False)
            _log.warning("the desktop is heard no more: %s", type(error).__name__)

    def _tell(self, message: "Message") -> None:
        from jeepney import HeaderFields

        fields = message.header.fields
        named = (fields.get(HeaderFields.interface), fields.get(HeaderFields.member))
        if named == _LOCK:
            self.locked.emit()
        elif message.body[:1] == (True,):
            if named == _SLEEP:
                self.sleeping.emit()
            elif named in _COVERED:
                self.locked.emit()
