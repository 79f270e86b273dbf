"""JSON by the fast library reads and writes as that of Python does; what it refuses is not lost."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.dicom.json_text import read_json, read_json_exactly, read_plain_json, write_json

_64_BITS = st.integers(-(2**63), 2**64 - 1)
ANYTHING = st.recursive(
    st.none() | st.booleans() | _64_BITS | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(ANYTHING)
def test_what_is_written_is_what_was_meant(content: object) -> None:
    assert json.loads(write_json(content)) == content
    assert read_json(write_json(content)) == content


@given(ANYTHING, st.booleans())
def test_what_python_wrote_reads_the_same(content: object, is_ascii: bool) -> None:
    text = json.dumps(content, ensure_ascii=is_ascii, indent=1)
    assert read_json(text) == read_plain_json(text.encode()) == content


def test_what_the_fast_library_refuses_is_written_all_the_same() -> None:
    large = 2**70
    assert write_json({"Value": [large]}) == b'{"Value":[%d]}' % large
    assert json.loads(write_json(["\ud800"]).decode("utf-8", "surrogatepass")) == ["\ud800"]
    assert write_json(["\ud800"], "replace") == b'["?"]'


def test_what_the_fast_library_refuses_is_read_all_the_same() -> None:
    assert read_json('["\\ud800"]') == ["\ud800"]
    assert math.isinf(read_json('{"a":1e400}')["a"])
    assert read_json_exactly(str(2**70)) == 2**70


@pytest.mark.parametrize("text", ["", "{", "[1,]", "[" * 1_100 + "]" * 1_100, "\ufeff{}"])
def test_what_is_no_json_is_refused_by_both(text: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_json(text)
    with pytest.raises(ValueError, match=r".+"):
        read_plain_json(text)
