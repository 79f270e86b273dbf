"""Exit statuses and sentences: 0 done, 1 refused with one sentence, 2 wrong usage; never a traceback."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.command_line import PROGRAM, CommandLine, command_line

pytestmark = pytest.mark.e2e
LARGE_LIBRARIES = {
    "PySide6", "fpdf", "keyring", "numba", "numpy", "pydicom", "pyhanko", "requests", "sqlcipher3", "starlette",
    "uvicorn", "vtkmodules",
}  # fmt: skip


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The program started anew for each command, as a reader does: what each loads, it loads in its own order."""
    return replace(command_line(tmp_path_factory.mktemp("usage")), is_cold=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("pull",),
        ("hub",),
        ("hub", "add", "name"),
        ("reader", "set", "--name", "X"),
        ("report", "1.2.3"),
        ("decline", "1.2.3"),
        ("snapshot", "1.2.3"),
        ("snapshot", "1.2.3", "--series", "1.2.4", "--at", "1,2"),
        ("snapshot", "1.2.3", "--series", "1.2.4", "--size", "0x10"),
        ("snapshot", "1.2.3", "--series", "1.2.4", "--window", "a,b"),
        ("snapshot", "1.2.3", "--series", "1.2.4", "--spacing", "nan"),
        ("hub", "serve", "--port", "http", "--data", "x"),
        ("sign",),
        ("queue", "--nonsense"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(command: CommandLine, arguments: tuple[str, ...]) -> None:
    ran = command.run(*arguments)
    assert (ran.status, ran.output) == (2, "")
    assert ran.said.startswith("usage:")


@pytest.mark.parametrize(
    "arguments",
    [
        ("pull", "1.2.3"),
        ("import", "missing-file"),
        ("snapshot", "1.2.3", "--series", "1.2.4"),
        ("report", "1.2.3", "--template", "gen-so", "--answers", "missing.json"),
        ("sign", "no-such-draft"),
        ("verify", "missing.dcm"),
        ("verify", "1.2.3"),
        ("verify", "passphrase"),
        ("hub", "check", "nowhere"),
        ("reader", "show"),
    ],
    ids=" ".join,
)
def test_a_refusal_exits_with_1_and_says_why_in_one_sentence(command: CommandLine, arguments: tuple[str, ...]) -> None:
    ran = command.run(*arguments, "--json")
    (sentence,) = ran.said.splitlines()
    assert (ran.status, len(sentence) > 10) == (1, True)
    assert ran.document


def test_a_command_that_is_forked_says_and_prints_what_a_cold_one_does(command: CommandLine) -> None:
    for arguments in (("verify", "missing.dcm", "--json"), ("queue", "--nonsense"), ("outbox", "--json")):
        assert replace(command, is_cold=False).run(*arguments) == command.run(*arguments)


def test_the_empty_outbox_is_all_delivered(command: CommandLine) -> None:
    assert command.json("send")["deliveries"] == []
    assert command.json("outbox")["deliveries"] == []


def test_a_wrong_passphrase_is_refused(command: CommandLine, tmp_path: Path) -> None:
    command.json("outbox")
    other = tmp_path / "other"
    other.write_text("something else entirely\n", encoding="utf-8")
    assert replace(command, passphrase_file=other).refused("outbox")


def test_a_profile_may_be_moved_while_it_is_closed(tmp_path: Path) -> None:
    command = command_line(tmp_path / "here")
    command.json("reader", "set", "--name", "X^Y", "--identifier", "1", "--organisation", "Z")
    moved = command.home.rename(tmp_path / "elsewhere")
    assert replace(command, home=moved).json("reader", "show")["reader"]["name"] == "X^Y"


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_the_version_and_help_do_not_wait_for_the_libraries(command: CommandLine, option: str) -> None:
    told = [PROGRAM[0], "-X", "importtime", *PROGRAM[1:], option]
    ran = subprocess.run(told, env=command.environment, capture_output=True, text=True, check=True)
    assert "requis" in ran.stdout
    imported = {line.rsplit("|", 1)[-1].strip() for line in ran.stderr.splitlines()}
    assert "workstation.cli.main" in imported
    assert not imported & LARGE_LIBRARIES
