"""Nobody there: the idle watch on clocks set by hand, and what a desktop announces on a bus of the test's own."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from jeepney import DBusAddress, new_signal
from jeepney.io.blocking import open_dbus_connection
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.support.patience import PATIENCE_MS
from workstation.shell.idle_watch import LEAP_S, IdleWatch
from workstation.shell.session_watch import SessionWatch
from workstation.store.settings import LOCK_AFTER_MINUTES

pytestmark = pytest.mark.qt
LIMIT_S = 600.0


@dataclass
class Away:
    """A watch whose clocks are turned by hand, second by second unless the computer sleeps."""

    window: QWidget
    monotonic: float = 100.0
    wall: float = 1_000_000.0
    idle: int = 0
    slept: int = 0

    def __post_init__(self) -> None:
        self.watch = IdleWatch(self.window, LIMIT_S, lambda: self.monotonic, lambda: self.wall)
        self.watch.stop()
        self.watch.idle.connect(self._is_idle)
        self.watch.slept.connect(self._has_slept)

    def _is_idle(self) -> None:
        self.idle += 1

    def _has_slept(self) -> None:
        self.slept += 1

    def wait(self, seconds: float) -> None:
        end = self.monotonic + seconds
        while self.monotonic < end:
            self.monotonic += 1
            self.wall += 1
            self.watch.look()

    def sleep(self, seconds: float, *, counted: bool) -> None:
        """Let the computer sleep; ``counted`` is whether its steady clock goes on, as some do."""
        self.wall += seconds
        self.monotonic += seconds if counted else 0
        self.watch.look()


@pytest.fixture
def away(qtbot: QtBot) -> Away:
    window = QWidget()
    qtbot.addWidget(window)
    found = Away(window)
    window.show()
    qtbot.waitUntil(lambda: window.windowHandle() is not None, timeout=PATIENCE_MS)
    found.watch._watch_window(window.windowHandle())
    return found


def test_ten_minutes_without_a_touch_are_told_once(away: Away) -> None:
    away.wait(LIMIT_S - 1)
    assert away.idle == 0
    away.wait(1)
    assert away.idle == 1
    away.wait(1000)
    assert (away.idle, away.slept) == (1, 0)
    assert LOCK_AFTER_MINUTES * 60 == LIMIT_S


@pytest.mark.parametrize("hand", ["key", "pointer", "button"])
def test_every_touch_begins_anew(away: Away, hand: str) -> None:
    away.wait(LIMIT_S - 1)
    target = away.window.windowHandle()
    assert target is not None
    if hand == "key":
        QTest.keyClick(target, Qt.Key.Key_A)
    elif hand == "pointer":
        QTest.mouseMove(target, QPoint(3, 3))
    else:
        QTest.mouseClick(target, Qt.MouseButton.LeftButton)
    away.wait(LIMIT_S - 1)
    assert away.idle == 0


def test_a_shorter_limit_holds_at_once(away: Away) -> None:
    away.wait(120)
    away.watch.set_limit(60)
    away.wait(1)
    assert away.idle == 1


@pytest.mark.parametrize("counted", [True, False])
def test_a_computer_that_slept_is_noticed_by_its_clock(away: Away, counted: bool) -> None:
    away.wait(5)
    away.sleep(LEAP_S + 5, counted=counted)
    assert away.slept == 1
    away.wait(5)
    assert (away.slept, away.idle) == (1, 0)


def test_a_clock_set_back_locks_nothing(away: Away) -> None:
    away.sleep(-3600, counted=False)
    away.wait(5)
    assert (away.slept, away.idle) == (0, 0)


def daemon() -> tuple[subprocess.Popen[str], str]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is not installed")
    process = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


@pytest.fixture
def bus() -> Iterator[str]:
    process, address = daemon()
    yield address
    end(process)


_LOGIND = "org.freedesktop.login1"


@pytest.mark.parametrize(
    ("path", "interface", "member", "arguments", "expected"),
    [
        ("/org/freedesktop/login1", f"{_LOGIND}.Manager", "PrepareForSleep", (True,), ["sleeping"]),
        ("/org/freedesktop/login1", f"{_LOGIND}.Manager", "PrepareForSleep", (False,), []),
        ("/org/freedesktop/login1/session/_31", f"{_LOGIND}.Session", "Lock", (), ["locked"]),
        ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", (True,), ["locked"]),
        ("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", (False,), []),
    ],
)
def test_what_the_desktop_announces_is_heard(
    qtbot: QtBot, bus: str, path: str, interface: str, member: str, arguments: tuple[bool, ...], expected: list[str]
) -> None:
    watch, heard = SessionWatch(), list[str]()
    watch.sleeping.connect(lambda: heard.append("sleeping"))
    watch.locked.connect(lambda: heard.append("locked"))
    assert watch.listen(bus, bus)
    # The last message on each bus is a mark: what came before it has been heard by then, or never will be.
    with open_dbus_connection(bus) as desktop:
        for where, of, name, body in (
            (path, interface, member, arguments),
            ("/end", f"{_LOGIND}.Manager", "PrepareForSleep", (True,)),
            ("/end", "org.gnome.ScreenSaver", "ActiveChanged", (True,)),
        ):
            signal = new_signal(DBusAddress(where, interface=of), name, "b" if body else None, body)
            desktop.send(signal)
        qtbot.waitUntil(lambda: len(heard) == len(expected) + 2, timeout=PATIENCE_MS)
    assert sorted(heard) == sorted([*expected, "sleeping", "locked"])
    watch.close()


def test_a_bus_that_ends_or_never_was_disturbs_nothing(qtbot: QtBot) -> None:
    watch = SessionWatch()
    assert not watch.listen("unix:path=/absent", "nonsense")
    process, address = daemon()
    assert watch.listen(address, address)
    end(process)
    qtbot.wait(50)
    watch.close()
