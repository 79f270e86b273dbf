"""The command line as other programs meet it: a process, its exit status, one JSON document, sentences."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.warm_start import IS_POSSIBLE, REPOSITORY, Command, warm_program

PROGRAM = (sys.executable, "-m", "workstation")
_LEFT_OUT = ("LANG", "LC_MESSAGES", "PYTHONDONTWRITEBYTECODE")
# Where nothing is kept beside the modules, each command would compile all of them anew.
_KEPT_ELSEWHERE = {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "requis-tests-bytecode")}
_INTERPRETER = {
    "LC_ALL": "C.UTF-8",
    "PYTHONPATH": str(REPOSITORY),
    **(_KEPT_ELSEWHERE if sys.dont_write_bytecode else {}),
}
_TIMEOUT_S = 120
_STOP_S = 60


@dataclass(frozen=True)
class Ran:
    """One command that has ended."""

    status: int
    output: str
    said: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        document = json.loads(self.output)
        assert isinstance(document, dict)
        return document


@dataclass(frozen=True)
class CommandLine:
    """The program on one profile; it works in ``folder``, where relative paths lead.

    A command that is run to its end is forked from a program that has loaded its libraries, unless ``is_cold``.
    """

    home: Path
    passphrase_file: Path
    folder: Path
    extra: Mapping[str, str] = field(default_factory=dict)
    is_cold: bool = False

    @property
    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if key not in _LEFT_OUT}
        return {
            **inherited,
            **_INTERPRETER,
            "REQUIS_HOME": str(self.home),
            "REQUIS_PASSPHRASE_FILE": str(self.passphrase_file),
            **self.extra,
        }

    def run(self, *arguments: str | Path) -> Ran:
        """Run one command to its end; a traceback is a failure whatever the test is about."""
        plain = [*map(str, arguments)]
        ended = self._ended(plain) if self._starts_cold else self._forked(plain)
        assert "Traceback" not in ended.stderr, ended.stderr
        return Ran(ended.returncode, ended.stdout, ended.stderr)

    @property
    def _starts_cold(self) -> bool:
        # What is said to libraries by ``extra``, such as where temporary files go, must be there when they are loaded.
        return self.is_cold or bool(self.extra) or not IS_POSSIBLE

    def _ended(self, arguments: list[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*PROGRAM, *arguments], env=self.environment, cwd=self.folder, capture_output=True, text=True,
            timeout=_TIMEOUT_S, check=False,
        )  # fmt: skip

    def _forked(self, arguments: list[str]) -> "subprocess.CompletedProcess[str]":
        program = warm_program(tuple(_INTERPRETER.items()))
        return program.run(Command(arguments, self.environment, self.folder), _TIMEOUT_S)

    def json(self, *arguments: str | Path, status: int = 0) -> dict[str, Any]:
        """Return the document of a command that must end with ``status``."""
        ran = self.run(*arguments, "--json")
        assert ran.status == status, (arguments, ran.status, ran.said)
        return ran.document

    def refused(self, *arguments: str | Path) -> str:
        """Return the one sentence of a command that must fail with status 1."""
        ran = self.run(*arguments)
        assert ran.status == 1, (arguments, ran.status, ran.said)
        (sentence,) = ran.said.splitlines()
        return sentence

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a command that somebody else ends."""
        command = [*PROGRAM, *map(str, arguments)]
        return subprocess.Popen(
            command, env=self.environment, cwd=self.folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


def command_line(folder: Path) -> CommandLine:
    """Return the program on a profile that does not exist yet."""
    folder.mkdir(parents=True, exist_ok=True)
    passphrase_file = folder / "passphrase"
    passphrase_file.write_text("five words nobody will guess\n", encoding="utf-8")
    return CommandLine(folder / "profile", passphrase_file, folder)


@contextmanager
def served_hub(folder: Path) -> Iterator[str]:
    """Run ``requis hub serve`` for the time of a block, and give the address of its service."""
    process = command_line(folder).start("hub", "serve", "--port", "0", "--data", folder / "hub", "--stop-with-input")
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        _rest, complaints = process.communicate(timeout=_STOP_S)
    assert (process.returncode, complaints) == (0, "")
