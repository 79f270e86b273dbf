"""The command line called within the process of a test: as ``CommandLine``, without the seconds of a start."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Ran
from workstation.cli.main import run
from workstation.config import HOME_VARIABLE, PASSPHRASE_VARIABLE


class CalledCommands:
    """The program on one profile."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        passphrase = home.parent / "passphrase"
        passphrase.write_text("five words nobody will guess\n", encoding="utf-8")
        monkeypatch.setenv(HOME_VARIABLE, str(home))
        monkeypatch.setenv(PASSPHRASE_VARIABLE, str(passphrase))
        monkeypatch.setenv("LC_ALL", "C.UTF-8")
        self.home = home
        self._capsys = capsys

    def run(self, *arguments: str | Path) -> Ran:
        """Run one command to its end."""
        self._capsys.readouterr()
        # Each command would leave its log file open in the process of the test.
        status = run([str(one) for one in arguments], lambda _folder: None)
        said = self._capsys.readouterr()
        return Ran(status, said.out, said.err)

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
