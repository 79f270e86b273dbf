"""The fork server as a test uses it: starting, killing, and reading what the children said."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.support.command_line import REPOSITORY

Line = dict[str, Any]
KILLED = -9
# Threads that libraries start when imported do not live on in a forked child.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


class Children:
    """Children of one fork server, from ``with`` to its end."""

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.fork_server", *modules],
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": str(REPOSITORY), **(environment or {})},
            cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> "Children":
        assert "ready" in self._line()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def start(self, module: str, *arguments: object) -> tuple[int, list[Line]]:
        """Start a child; return its number and what was said until it had begun."""
        self._ask({"start": module, "arguments": [_plain(one) for one in arguments]})
        said = self._until("started")
        return int(said.pop()["started"]), said

    def await_line(self, key: str) -> list[Line]:
        """Return everything that a child, which must not fail before, says up to a line that has ``key``."""
        said = self._until(key, "failed")
        assert "failed" not in said[-1], said[-1]
        return said

    def await_lines(self, count: int, *last: str) -> list[Line]:
        """Return the next ``count`` lines, fewer where one has a key of ``last``."""
        said: list[Line] = []
        while len(said) < count and not (said and said[-1].keys() & {*last}):
            said.append(self._line())
        return said

    def kill(self, child: int, after_s: float = 0.0) -> tuple[int, list[Line]]:
        """Kill a child that has lived ``after_s``; return its status and what it said."""
        time.sleep(after_s)
        return self._end({"kill": child})

    def wait(self, child: int) -> tuple[int, list[Line]]:
        """Let a child end; return its status and what it said."""
        return self._end({"wait": child})

    def run(self, module: str, *arguments: object) -> list[Line]:
        """Start a child, let it end well, and return what it said."""
        child, said = self.start(module, *arguments)
        status, rest = self.wait(child)
        assert status == 0, (module, status)
        return said + rest

    def _end(self, wish: Line) -> tuple[int, list[Line]]:
        self._ask(wish)
        said = self._until("ended")
        return int(said.pop()["status"]), said

    def _ask(self, wish: Line) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()

    def _until(self, *keys: str) -> list[Line]:
        said = [self._line()]
        while not any(key in said[-1] for key in keys):
            said.append(self._line())
        return said

    def _line(self) -> Line:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the fork server has ended"
        document = json.loads(line)
        assert isinstance(document, dict)
        return document


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value
