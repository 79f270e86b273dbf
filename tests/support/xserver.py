"""A virtual display of its own for a test, and a hand that moves its real pointer and presses its real keys."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SCREEN = "1760x1040x24"


@contextmanager
def virtual_display() -> Iterator[str]:
    """Run a virtual display and give its name, such as ``:7``."""
    reader, writer = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"],
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as announced:
            yield f":{announced.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)


class Hand:
    """Sends events through the display server; ``pump`` lets the program under test work meanwhile."""

    def __init__(self, pump: Callable[[], None]) -> None:
        self._pump = pump
        self._at: tuple[int, int] | None = None

    def move(self, x: int, y: int) -> None:
        """Move the pointer to a place on the screen."""
        # xdotool waits many seconds for a move to where the pointer is already.
        if self._at != (x, y):
            self._send("mousemove", "--sync", str(x), str(y))
        self._at = (x, y)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Press and release a button at a place."""
        self.move(x, y)
        self._send("click", str(button))

    def double_click(self, x: int, y: int) -> None:
        """Click twice."""
        self.move(x, y)
        self._send("click", "--repeat", "2", "--delay", "60", "1")

    def drag(self, start: tuple[int, int], end: tuple[int, int], button: int = 1) -> None:
        """Press at ``start``, move in steps, release at ``end``."""
        self.move(*start)
        self._send("mousedown", str(button))
        for step in range(1, 9):
            x = start[0] + (end[0] - start[0]) * step // 8
            y = start[1] + (end[1] - start[1]) * step // 8
            self.move(x, y)
        self._send("mouseup", str(button))

    def wheel(self, x: int, y: int, notches: int) -> None:
        """Turn the wheel, towards the reader where positive."""
        self.move(x, y)
        self._send("click", "--repeat", str(abs(notches)), "--delay", "30", "5" if notches > 0 else "4")

    def key(self, *names: str) -> None:
        """Press keys by their X names, such as ``Return`` or ``ctrl+z``."""
        for name in names:
            self._send("key", "--clearmodifiers", name)

    def type(self, text: str) -> None:
        """Type a text."""
        self._send("type", "--delay", "6", text)

    def _send(self, *arguments: str) -> None:
        process = subprocess.Popen(["xdotool", *arguments])
        while process.poll() is None:
            self._pump()
            time.sleep(0.002)
        for _ in range(5):
            self._pump()
            time.sleep(0.004)
