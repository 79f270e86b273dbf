"""The real studies that are not shipped: beside the repository, or where the environment says."""

import os
from pathlib import Path

import pytest

_VARIABLE = "REQUIS_SHARED_DATA"
_REPOSITORY = Path(__file__).parents[2]


def folder_of_shared_data() -> Path:
    """Return where the shared data would be."""
    named = os.environ.get(_VARIABLE)
    return Path(named) if named else _REPOSITORY.parent / "shared" / "data"


def shared_data_root() -> Path:
    """Return the folder of the shared data; skip the test by name where it is absent."""
    root = folder_of_shared_data()
    if not root.is_dir():
        pytest.skip(f"shared data absent: {root}")
    return root


@pytest.fixture
def shared_data() -> Path:
    return shared_data_root()
