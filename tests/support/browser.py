"""Debian's Chromium without a window, driven over its debugging protocol; it reaches this machine only.

Source: Chrome DevTools Protocol, domains Network, Page, Runtime and Target.
"""

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

_START_S = 30.0
_ANSWER_S = 60.0
_SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--remote-debugging-port=0",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--window-size=1500,950",
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of the page and the status of its answer; 0 where there was none."""

    method: str
    url: str
    status: int
    failure: str = ""


@dataclass(slots=True)
class Page:
    """The one tab of a browser, and everything that it asked for."""

    socket: ClientConnection
    session: str = ""
    exchanges: list[Exchange] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _asked: dict[str, tuple[str, str]] = field(default_factory=dict)
    _number: int = 0
    _is_loaded: bool = False

    def open(self, url: str) -> None:
        """Go to an address and wait until the page itself, not what it asks for later, is there."""
        self._is_loaded = False
        self.call("Page.navigate", url=url)
        assert self.wait_until(lambda: self._is_loaded, _ANSWER_S), "the page did not load"

    def text(self) -> str:
        """What the page shows, as text."""
        return str(self.evaluate("document.body ? document.body.innerText : ''"))

    def evaluate(self, script: str) -> Any:
        return self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def picture(self) -> bytes:
        """The page as a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def wait_until(self, holds: Callable[[], bool], within_s: float) -> bool:
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if holds():
                return True
            self._listen(0.5)
        return False

    def asked(self, root: str) -> list[Exchange]:
        """What was asked below one address."""
        return [one for one in self.exchanges if one.url.startswith(root)]

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self.socket.send(json.dumps({**message, "sessionId": self.session} if self.session else message))
        while True:
            answer = json.loads(self.socket.recv(timeout=_ANSWER_S))
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def _listen(self, for_s: float) -> None:
        end = time.monotonic() + for_s
        while (left := end - time.monotonic()) > 0:
            try:
                self._note(json.loads(self.socket.recv(timeout=left)))
            except TimeoutError:
                return

    def _note(self, event: dict[str, Any]) -> None:
        method, what = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self._asked[what["requestId"]] = (what["request"]["method"], what["request"]["url"])
        elif method == "Network.responseReceived":
            verb, url = self._asked.get(what["requestId"], ("GET", what["response"]["url"]))
            self.exchanges.append(Exchange(verb, url, int(what["response"]["status"])))
        elif method == "Network.loadingFailed" and not what.get("canceled"):
            verb, url = self._asked.get(what["requestId"], ("", ""))
            self.exchanges.append(Exchange(verb, url, 0, what.get("errorText", "")))
        elif method == "Page.loadEventFired":
            self._is_loaded = True
        elif method == "Runtime.exceptionThrown":
            self.errors.append(str(what["exceptionDetails"].get("exception", {}).get("description", "")))


def chromium() -> str:
    """The browser; skips by name where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("chromium is not installed")
    return found


@contextmanager
def browser_page(folder: Path) -> Iterator[Page]:
    """Start a browser whose profile lies in ``folder`` and give its tab."""
    with subprocess.Popen(
        [chromium(), *_SWITCHES, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            with connect(_address(folder / "DevToolsActivePort"), max_size=None) as socket:
                page = Page(socket)
                target = page.call("Target.createTarget", url="about:blank")["targetId"]
                page.session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
                for domain in ("Page", "Network", "Runtime"):
                    page.call(f"{domain}.enable")
                yield page
                page.session = ""
                _close(page)
        finally:
            process.terminate()


def _close(page: Page) -> None:
    try:
        page.call("Browser.close")
    except ConnectionClosed:
        return


def _address(port_file: Path) -> str:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        lines = port_file.read_text().split() if port_file.exists() else []
        if len(lines) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        time.sleep(0.1)
    raise AssertionError("the browser did not start")
