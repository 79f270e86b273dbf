"""The command line within the test's own process: faster where nothing depends on a process of its own."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workstation.cli.main import run


@dataclass
class Typed:
    """Commands on a profile below ``folder``, opened by a passphrase file."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        self.passphrase_file = self.folder / "passphrase"
        self.passphrase_file.write_text("five words nobody will guess")
        for name, value in (("HOME", self.folder / "profile"), ("PASSPHRASE_FILE", self.passphrase_file)):
            self.monkeypatch.setenv(f"REQUIS_{name}", str(value))
        self.monkeypatch.setenv("LC_ALL", "C.UTF-8")

    @property
    def home(self) -> Path:
        return self.folder / "profile"

    def run(self, *arguments: str | Path) -> int:
        return run([str(argument) for argument in arguments])

    def json(self, *arguments: str | Path) -> dict[str, Any]:
        """Return the document of a command that must succeed."""
        self.capsys.readouterr()
        status = self.run(*arguments, "--json")
        printed = self.capsys.readouterr()
        assert status == 0, printed.err
        document = json.loads(printed.out)
        assert isinstance(document, dict)
        return document

    def refused(self, *arguments: str | Path) -> str:
        """Return the sentence of a command that must fail."""
        self.capsys.readouterr()
        assert self.run(*arguments) == 1
        (sentence,) = self.capsys.readouterr().err.splitlines()
        return sentence
