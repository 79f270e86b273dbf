"""A running hub for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workstation.embedded_hub.running import RunningHub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    """Return the URL of an empty hub that runs in a thread."""
    with RunningHub(tmp_path / "hub") as running:
        yield running.url
