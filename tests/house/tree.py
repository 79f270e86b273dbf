"""The files that the house rules speak of: what is tracked or about to be, as text and as parsed Python."""

import ast
import importlib
import pkgutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
PACKAGES = ("viewers", "workstation")


@cache
def tree_files() -> tuple[str, ...]:
    """Every file of the repository that is not ignored, by its path from the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file()))


def python_files(*tops: str) -> tuple[str, ...]:
    """The Python files below some top folders, or all of them."""
    return tuple(name for name in tree_files() if name.endswith(".py") and (not tops or name.split("/")[0] in tops))


def texts() -> Iterator[tuple[str, str]]:
    """Every file that is UTF-8 text, with its content."""
    for name in tree_files():
        content = (ROOT / name).read_bytes()
        if b"\0" in content:
            continue
        try:
            yield name, content.decode()
        except UnicodeDecodeError:
            continue


@cache
def source(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(source(name), name)


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(parsed(name)))


@cache
def import_everything() -> tuple[ModuleType, ...]:
    """Import every module of the application, so that every class of it exists."""
    found = []
    for package in PACKAGES:
        top = importlib.import_module(package)
        for module in pkgutil.walk_packages(top.__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                found.append(importlib.import_module(module.name))
    return tuple(found)
