"""Commands started from a program that has loaded its libraries: most of what a cold start costs is loading them."""

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.warm_program import MOST_BYTES, TOLD_BYTES

REPOSITORY = Path(__file__).parents[2]
IS_POSSIBLE = sys.platform == "linux"
# Threads that libraries start when imported do not live on in a forked child.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Command:
    """What is run, and where; ``environment`` says nothing to the interpreter that it did not know at its start."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path


class WarmProgram:
    """One process that forks commands; calls may come from several threads."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._requests.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_BYTES)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.warm_program", str(theirs.fileno())],
                env={**environment, **_ONE_THREAD}, cwd=REPOSITORY, stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )  # fmt: skip

    def close(self) -> None:
        """Have it end; commands that still run are left alone."""
        self._requests.close()
        self._process.wait()

    def run(self, command: Command, timeout_s: float) -> "subprocess.CompletedProcess[str]":
        """Run one command to its end; one that takes too long is killed, and ``subprocess.TimeoutExpired`` raised."""
        with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
            told = self._begin(command, printed.fileno(), said.fileno())
            try:
                status = _end_of(command, told, timeout_s)
            finally:
                os.close(told)
            for written in (printed, said):
                written.seek(0)
            return subprocess.CompletedProcess(
                list(command.arguments), status, printed.read().decode(), said.read().decode()
            )

    def _begin(self, command: Command, printed: int, said: int) -> int:
        """Ask for a command, and return where its process id and its status will be told."""
        request = {
            "arguments": list(command.arguments), "environment": dict(command.environment),
            "folder": str(command.folder),
        }  # fmt: skip
        told, telling = os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        try:
            socket.send_fds(self._requests, [json.dumps(request).encode()], [nothing, printed, said, telling])
        finally:
            os.close(telling)
            os.close(nothing)
        return told


@functools.cache
def warm_program(environment: tuple[tuple[str, str], ...]) -> WarmProgram:
    """Return the one that this process of tests has for an interpreter's surroundings."""
    program = WarmProgram({**os.environ, **dict(environment)})
    atexit.register(program.close)
    return program


def _end_of(command: Command, told: int, timeout_s: float) -> int:
    process = _number(told)
    if not select.select([told], [], [], timeout_s)[0]:
        os.kill(process, signal.SIGKILL)
        _number(told)
        raise subprocess.TimeoutExpired(list(command.arguments), timeout_s)
    return _number(told)


def _number(told: int) -> int:
    number = os.read(told, TOLD_BYTES)
    assert number, "the warm program has ended"
    return int(number)
