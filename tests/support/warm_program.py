"""The program with its libraries loaded: each command is a process of its own, forked from one that has imported all.

Requests come over the socket whose number is the only argument: one JSON document each, with the ends of what the
command reads, prints and says, and of a pipe that is told its process id, and then its exit status.
"""

import importlib
import json
import os
import runpy
import socket
import sys
from collections.abc import Sequence

LOADED = (
    "workstation.app.core", "workstation.app.demonstration", "workstation.cli.reporting", "workstation.cli.picturing",
    "viewers.image.kernels", "workstation.report.document.pdf", "workstation.signing.pades",
)  # fmt: skip
MOST_BYTES = 1 << 17
TOLD_BYTES = 16
_ENDS = 4


def main(number: int) -> None:
    """Start one command for each request, until the other end is closed."""
    for module in LOADED:
        importlib.import_module(module)
    with socket.socket(fileno=number) as requests:
        while True:
            document, ends, _, _ = socket.recv_fds(requests, MOST_BYTES, _ENDS)
            if not document:
                return
            if os.fork() == 0:
                break
            for end in ends:
                os.close(end)
            _forget_the_ended()
    _run(json.loads(document), *ends)


def _forget_the_ended() -> None:
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                return
        except ChildProcessError:
            return


def _run(request: dict[str, object], read: int, printed: int, said: int, told: int) -> None:
    """Become the command, as ``python -m workstation`` would; whoever waits for it is a process between."""
    command = os.fork()
    if command:
        _tell(told, command)
        _, status = os.waitpid(command, 0)
        _tell(told, os.waitstatus_to_exitcode(status))
        os._exit(0)
    os.close(told)
    for number, end in enumerate((read, printed, said)):
        os.dup2(end, number)
        os.close(end)
    _become(request)


def _tell(told: int, number: int) -> None:
    os.write(told, str(number).rjust(TOLD_BYTES).encode())


def _become(request: dict[str, object]) -> None:
    arguments, environment, folder = request["arguments"], request["environment"], request["folder"]
    assert isinstance(arguments, Sequence)
    assert isinstance(environment, dict)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(folder))
    sys.argv[1:] = arguments
    runpy.run_module("workstation", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
