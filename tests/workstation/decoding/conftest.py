"""One pool for all tests of this room: workers are costly to start, and must survive whatever a test feeds them."""

from collections.abc import Iterator

import pytest

from workstation.decoding.pool import DecoderPool


@pytest.fixture(scope="session")
def pool() -> Iterator[DecoderPool]:
    with DecoderPool(workers=2) as opened:
        opened.prewarm()
        yield opened
