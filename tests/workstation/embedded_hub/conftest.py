"""A running hub for each test, or for each module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workstation.embedded_hub.running import RunningHub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    """Return the URL of an empty hub that runs in a thread."""
    with RunningHub(tmp_path / "hub") as running:
        yield running.url


@pytest.fixture(scope="module")
def lasting_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a hub that the tests of one module share, because none of them changes what another sees."""
    with RunningHub(tmp_path_factory.mktemp("hub")) as running:
        yield running.url
