"""Signing in at a hub from the window: it says who must, opens the browser, and goes on with what waited."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.support.displays import READING_ROOM, on
from tests.support.identity_provider import Guard, running_provider, sign_in_as
from tests.support.patience import PATIENCE_MS
from tests.support.stub_hub import running_stub
from workstation.app.core import open_core
from workstation.app.window_parts import WindowParts, build_parts
from workstation.config import Profile
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import HubName
from workstation.runtime.executor import Executor
from workstation.runtime.main_thread import MainThread
from workstation.shell.labels import plain
from workstation.translations import translator

pytestmark = pytest.mark.qt
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HUB = HubName("night")


@pytest.fixture
def guard() -> Iterator[Guard]:
    with running_provider() as issuer:
        yield Guard(issuer)


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot, guard: Guard) -> Iterator[WindowParts]:
    with (
        running_stub(guard) as stub,
        open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core,
    ):
        provider = IdentityProvider(guard.issuer, "requis")
        core.store.settings.add_hub(HubSettings(HUB, stub.url, SignInKind.OIDC, secret="a word", provider=provider))
        parts = build_parts(core, Executor(MainThread().post), translator("en"), displays=on(READING_ROOM))
        parts.window.closed.connect(parts.close)
        qtbot.addWidget(parts.window)
        parts.window.show()
        parts.window.show_page("settings")
        parts.sign_ins.start()
        qtbot.waitUntil(lambda: HUB in parts.sign_ins.box.buttons, timeout=PATIENCE_MS)
        yield parts
        parts.window.close()


def press(qtbot: QtBot, parts: WindowParts) -> None:
    qtbot.mouseClick(parts.sign_ins.box.buttons[HUB], Qt.MouseButton.LeftButton)


def shown(parts: WindowParts) -> str:
    labels = parts.sign_ins.box.findChildren(type(plain()))
    return " ".join(label.text() for label in labels if label.isVisible())


def test_a_reader_signs_in_with_a_button_and_what_waited_goes_on(
    parts: WindowParts, guard: Guard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def browse(address: str) -> bool:
        Thread(target=sign_in_as, args=(address,), daemon=True).start()
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    qtbot.waitUntil(lambda: "please sign in" in shown(parts), timeout=PATIENCE_MS)
    assert HUB in parts.window.notices.text
    press(qtbot, parts)
    qtbot.waitUntil(lambda: "signed in" in shown(parts), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bool(guard.passed), timeout=PATIENCE_MS)


def test_a_reader_may_stop_waiting_for_the_browser_and_start_again(
    parts: WindowParts, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: visited.append(address) is None)
    for number in (1, 2):
        press(qtbot, parts)
        qtbot.waitUntil(lambda: "waiting" in shown(parts), timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda number=number: len(visited) == number, timeout=PATIENCE_MS)
        press(qtbot, parts)
        qtbot.waitUntil(lambda: "please sign in" in shown(parts), timeout=PATIENCE_MS)


def test_a_computer_without_a_browser_is_told_so(
    parts: WindowParts, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _address: False)
    press(qtbot, parts)
    qtbot.waitUntil(lambda: "requis hub sign-in" in parts.window.notices.text, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "please sign in" in shown(parts), timeout=PATIENCE_MS)
