"""What a command is, and how it opens the profile."""

import argparse
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from viewers.errors import ReaderError
from workstation.cli.output import Output
from workstation.config import Profile, profile_from_environment
from workstation.errors import WorkstationError
from workstation.translations import Translator, translator

if TYPE_CHECKING:
    from workstation.app.core import Core

# The window tells it until it is closed there; scripts would hear of it for ever.
_TOLD_FOR = timedelta(days=1)
_log = logging.getLogger("workstation.cli")
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of the command line."""

    arguments: argparse.Namespace
    output: Output
    profile: Profile

    @contextmanager
    def core(self) -> "Iterator[Core]":
        """Open the profile without a window."""
        # Every service is loaded here, so that help, usage errors and the version do not wait for them.
        from workstation.app.core import open_core
        from workstation.vault.keyring_slot import system_keyring

        with open_core(self.profile, system_keyring()) as core:
            self._care_for(core)
            yield core
            if core.store.reserve.is_spent:
                self.output.say(core.words.text("library.reserve_spent"))

    def _care_for(self, core: "Core") -> None:
        """Say what was repaired, and keep a backup: a command that cannot have one does its work all the same."""
        restoration = core.store.restoration
        if restoration is not None and core.clock() - restoration.at < _TOLD_FOR:
            for key, details in restoration.sentences():
                self.output.say(core.words.text(key, **details))
        try:
            core.store.back_up()
        except WorkstationError as error:
            _log.warning("no backup: %s", error.technical)
            self.output.say(core.words.text("restoration.no_backup", reason=core.words.error(error)))


Run = Callable[[Invocation], int]


def add(subparsers: Subparsers, name: str, summary: str, run: Run) -> argparse.ArgumentParser:
    """Add a command; every command knows ``--json``."""
    parser = subparsers.add_parser(name, help=summary, description=summary)
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")
    parser.set_defaults(run=run)
    return parser


def invocation(arguments: argparse.Namespace) -> Invocation:
    """Return the call that parsed arguments stand for."""
    return Invocation(arguments, Output(bool(getattr(arguments, "json", False))), profile_from_environment())


def refuse(call: Invocation, error: ReaderError, document: Mapping[str, object] | None = None) -> int:
    """Say why a command was refused, to people and in the one document for scripts, and return its exit status."""
    sentence = environment_words().error(error)
    call.output.say(sentence)
    if call.output.as_json:
        call.output.show({**(document or {}), "error": {"key": error.key, "sentence": sentence}}, [])
    return 1


def environment_words() -> Translator:
    """Return the strings of the environment's language, for what is said before a profile is open."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return translator("fr" if locale.lower().startswith("fr") else "en")
