"""A real encrypted store and real workers; only the hub is played."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workstation.retrieval.desk import Desk
from tests.workstation.store.samples import fixed_clock, open_database
from workstation.decoding.pool import DecoderPool
from workstation.store.catalogue import Catalogue
from workstation.store.objects import ObjectStore


@pytest.fixture(scope="session")
def pool() -> Iterator[DecoderPool]:
    with DecoderPool(workers=2) as opened:
        opened.prewarm()
        yield opened


@pytest.fixture
def desk(tmp_path: Path, pool: DecoderPool) -> Desk:
    return Desk(Catalogue(open_database(tmp_path), fixed_clock), ObjectStore(tmp_path / "objects", b"k" * 32), pool)
