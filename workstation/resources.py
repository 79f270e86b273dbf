"""The only reader of ``resources/``: templates, translations, demonstration data, fonts, presets."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

_ROOT = "resources"


def read_bytes(*parts: str) -> bytes:
    """Return the content of one resource, named by its path from the root."""
    return _at(*parts).read_bytes()


def read_text(*parts: str) -> str:
    """Return the content of one UTF-8 resource."""
    return _at(*parts).read_text(encoding="utf-8")


def names(*parts: str) -> tuple[str, ...]:
    """Return the sorted names inside one folder of resources."""
    return tuple(sorted(entry.name for entry in _at(*parts).iterdir()))


@contextmanager
def as_path(*parts: str) -> Iterator[Path]:
    """Give a resource, file or folder, as a path of the file system for as long as the block runs."""
    with as_file(_at(*parts)) as path:
        yield path


def _at(*parts: str) -> Traversable:
    return files(_ROOT).joinpath(*parts)
