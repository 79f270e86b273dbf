"""Where the tests of crashes work: in memory where there is such a folder, because a kill spares it like a disk."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")


@pytest.fixture
def memory_folder(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder whose flushes cost nothing."""
    if not (_MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="requis-", dir=_MEMORY) as folder:
        yield Path(folder)
