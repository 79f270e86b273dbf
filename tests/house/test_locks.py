"""What is installed is named once, with its digest, and agrees with what the project asks for."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
WANTED = {
    "requirements.lock": [*PROJECT["dependencies"], *EXTRAS["setup"]],
    "requirements-test.lock": [*PROJECT["dependencies"], *EXTRAS["setup"], *EXTRAS["test"]],
}
DIGEST = re.compile(r"--hash=sha256:[0-9a-f]{64}(?![0-9a-f])")


def locked(name: str) -> list[tuple[Requirement, int]]:
    """Each requirement of a lock with the number of its digests."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            assert not line.startswith("-"), f"{name}: an option instead of a requirement: {line}"
            found.append((Requirement(line.split("--hash")[0].strip()), len(DIGEST.findall(line))))
    return found


@pytest.mark.parametrize("name", WANTED)
def test_every_requirement_is_pinned_to_one_version_and_its_digests(name: str) -> None:
    loose = [
        str(requirement)
        for requirement, digests in locked(name)
        if not digests or [one.operator for one in requirement.specifier] != ["=="] or requirement.url
    ]
    assert loose == []


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_holds_a_fitting_version_of_everything_the_project_asks_for(name: str) -> None:
    versions: dict[str, list[str]] = {}
    for requirement, _ in locked(name):
        versions.setdefault(canonicalize_name(requirement.name), []).append(next(iter(requirement.specifier)).version)
    wrong = []
    for text in WANTED[name]:
        wanted = Requirement(text)
        held = versions.get(canonicalize_name(wanted.name), [])
        if not held or not all(wanted.specifier.contains(version) for version in held):
            wrong.append(text)
    assert wrong == []


def test_the_two_locks_agree() -> None:
    tests = {(requirement.name, str(requirement.specifier)) for requirement, _ in locked("requirements-test.lock")}
    used = {(requirement.name, str(requirement.specifier)) for requirement, _ in locked("requirements.lock")}
    assert used - tests == set()


@pytest.mark.parametrize("text", [*PROJECT["dependencies"], *EXTRAS["test"]])
def test_the_project_asks_for_everything_from_some_version_on(text: str) -> None:
    assert ">=" in [one.operator for one in Requirement(text).specifier]
