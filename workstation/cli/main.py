"""Parses the arguments and runs one command. Exit status: 0 done, 1 refused or failed, 2 wrong usage."""

import argparse
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from viewers.errors import ReaderError
from workstation import INTENDED_USE, VERSION, logs
from workstation.cli import (
    audit,
    bench,
    demo,
    hub,
    images,
    library,
    outbox,
    queue,
    reader,
    report,
    show,
    signer,
    snapshot,
    vault,
    verify,
    window,
)
from workstation.cli.command import Invocation, invocation, refuse
from workstation.cli.errors import Interrupted, ProfileUnwritable
from workstation.runtime.executor import UnexpectedFailure

_log = logging.getLogger("workstation.cli")
COMMANDS = (
    demo,
    hub,
    reader,
    signer,
    queue,
    images,
    library,
    snapshot,
    show,
    report,
    outbox,
    verify,
    audit,
    vault,
    bench,
)


def run(arguments: Sequence[str], watch: Callable[[Path], None] = logs.configure) -> int:
    """Run one command line and return its exit status; ``watch`` begins the log in the profile's folder."""
    parser = build_parser()
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    call = invocation(parsed)
    try:
        watch(call.profile.logs)
    except OSError as error:
        return refuse(call, ProfileUnwritable(type(error).__name__, path=str(call.profile.home)))
    return _guarded(call)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="requis", description=f"Requis: {INTENDED_USE}")
    parser.add_argument("--version", action="version", version=f"requis {VERSION} ({INTENDED_USE})")
    parser.set_defaults(run=window.run)
    subparsers = parser.add_subparsers(metavar="COMMAND")
    for module in COMMANDS:
        module.register(subparsers)
    return parser


def _guarded(call: Invocation) -> int:
    try:
        return int(call.arguments.run(call))
    except ReaderError as error:
        _log.warning("%s: %s", type(error).__name__, error.technical)
        return refuse(call, error)
    except KeyboardInterrupt:
        return refuse(call, Interrupted("by a signal"))
    except Exception as error:
        _log.critical("unexpected failure", exc_info=error)
        return refuse(call, UnexpectedFailure(type(error).__name__))
