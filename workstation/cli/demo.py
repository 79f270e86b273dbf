"""``requis demo``: the embedded hub with its requests, and the workstation on it, in a profile of its own."""

import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from workstation.cli.command import Invocation, Subparsers, add, environment_words
from workstation.cli.errors import NoDisplay

if TYPE_CHECKING:
    from workstation.app.demonstration import Demonstration

_COMMAND = "REQUIS_DEMO_COMMAND"  # what packaging/demo was called as, so that its reader can repeat it


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = add(subparsers, "demo", "embedded hub with demonstration requests, and the workstation on it", _demo)
    parser.add_argument("--exit-when-ready", action="store_true", help="leave once the queue is shown")
    parser.add_argument("--loop", action="store_true", help="run the whole loop without a window, and say each step")
    parser.add_argument("--reset", action="store_true", help="begin with a fresh hub and profile")


def _demo(call: Invocation) -> int:
    arguments = call.arguments
    if not arguments.loop and not _has_display():
        raise NoDisplay("no display", command=f"{os.environ.get(_COMMAND, 'requis demo')} --loop")
    # The services of a profile are loaded by the commands that open one.
    from workstation.app.demonstration import open_demonstration
    from workstation.cli.demo_loop import run_loop

    with ExitStack() as stack:
        demonstration = stack.enter_context(
            open_demonstration(
                call.profile, call.output.say, environment_words(), reset=arguments.reset or arguments.loop
            )
        )
        if arguments.loop:
            return run_loop(call, demonstration)
        return _open_window(demonstration, exit_when_ready=arguments.exit_when_ready)


def _open_window(demonstration: "Demonstration", *, exit_when_ready: bool) -> int:
    # Qt is loaded by the commands that open a window, not by those that do not.
    from workstation.app.window import run_window

    return run_window(
        demonstration.profile,
        None,
        environment_words(),
        passphrase=demonstration.passphrase,
        exit_when_ready=exit_when_ready,
    )


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
