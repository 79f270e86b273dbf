"""One image, made here, in every transfer syntax: the same stored values whatever carried them."""

import numpy as np
import pytest

from tests.support.encoded import LOSSLESS, LOSSY, encoded, noise
from workstation.decoding.pool import DecoderPool
from workstation.decoding.sandbox.codecs import CODECS
from workstation.decoding.sandbox.layout import NATIVE

VALUES = noise(3, 21, 34)


def test_every_syntax_that_is_read_is_tried_here() -> None:
    assert {*LOSSLESS, *LOSSY} == {*CODECS, *NATIVE}


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_a_lossless_syntax_gives_the_very_values(pool: DecoderPool, syntax: str) -> None:
    assert np.array_equal(pool.decode(encoded(VALUES, syntax)), VALUES)


@pytest.mark.parametrize("syntax", LOSSY)
def test_a_lossy_syntax_gives_values_near_to_them(pool: DecoderPool, syntax: str) -> None:
    expected = VALUES >> 4 if syntax.endswith(".50") else VALUES
    found = pool.decode(encoded(VALUES, syntax))
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).mean() < 0.02 * expected.max()
