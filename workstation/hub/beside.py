"""Questions that cannot be ended by themselves, asked beside: who does not want the answer any more goes on without it.

No pool: its end would wait for the slowest hub, and so would that of the program.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def begin(ask: Callable[[], Result]) -> "Future[Result]":
    """Ask on a thread of its own, and return where the answer, or what was raised, will be."""
    future: Future[Result] = Future()

    def work() -> None:
        try:
            future.set_result(ask())
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=work, name="asking", daemon=True).start()
    return future
