"""multipart/related: any split gives the same parts, truncation is always seen."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.dicom.errors import MalformedMultipart, MultipartTruncated
from workstation.dicom.multipart import MultipartReader, Part, boundary_of, content_type, write_multipart

BOUNDARY = "edge"
LIMIT = 1 << 20


def read(body: bytes, cuts: list[int] | None = None) -> list[Part]:
    reader = MultipartReader(BOUNDARY, LIMIT)
    points = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts or [])})
    parts = [part for start, end in pairwise(points) for part in reader.feed(body[start:end])]
    reader.finish()
    return parts


A_BOUNDARY_LINE = re.compile(rb"(^|\n)--edge(--|[ \t\r]*(\n|$))")
bodies = st.lists(
    st.one_of(
        st.binary(max_size=200),
        st.sampled_from([b"x--edge", b"\r\n--edg", b"x--edge--\r\n", b"\r\n\r\n", b"\n--edgework\n", b"\n--edge-\n"]),
    ),
    max_size=5,
).filter(lambda contents: not any(A_BOUNDARY_LINE.search(content) for content in contents))


@given(bodies, st.lists(st.integers(min_value=0), max_size=12))
def test_any_split_of_the_bytes_gives_the_same_parts(contents: list[bytes], cuts: list[int]) -> None:
    sent = [Part({"content-type": "application/dicom"}, content) for content in contents]
    body = b"preamble\r\n" + b"".join(write_multipart(sent, BOUNDARY)) + b"epilogue"
    assert read(body, cuts) == sent


def test_one_byte_at_a_time() -> None:
    sent = [Part({"content-type": "a/b"}, b"one"), Part({"content-type": "a/b"}, b"\r\n")]
    body = b"".join(write_multipart(sent, BOUNDARY))
    assert read(body, list(range(len(body)))) == sent


def test_line_feeds_alone_are_accepted() -> None:
    assert read(b"--edge\nContent-Type: a/b\n\nbody\n--edge--") == [Part({"content-type": "a/b"}, b"body")]


def test_the_headers_end_at_the_first_empty_line() -> None:
    body = b"--edge\nContent-Type: a/b\n\none\r\n\r\ntwo\n--edge--"
    assert read(body) == [Part({"content-type": "a/b"}, b"one\r\n\r\ntwo")]


def test_a_part_without_headers_is_accepted() -> None:
    assert read(b"--edge\r\n\r\nbody\r\n--edge--\r\n") == [Part({}, b"body")]


@pytest.mark.parametrize("kept", [0, 1, 8, 20, -1, -2, -4, -5])
def test_a_body_without_its_closing_boundary_is_truncated(kept: int) -> None:
    body = b"--edge\r\nContent-Type: a/b\r\n\r\nbody\r\n--edge--"
    with pytest.raises(MultipartTruncated):
        read(body[:kept])


def test_a_part_above_the_limit_is_refused_while_it_arrives() -> None:
    reader = MultipartReader(BOUNDARY, 1000)
    reader.feed(b"--edge\r\n\r\n")
    reader.feed(b"x" * 17_000)
    with pytest.raises(MalformedMultipart):
        reader.feed(b"x" * 1000)


@pytest.mark.parametrize("quote", ['"', ""])
def test_boundaries_may_be_quoted(quote: str) -> None:
    assert boundary_of(f'multipart/related; type="application/dicom"; boundary={quote}edge{quote}') == "edge"


def test_a_written_content_type_names_its_boundary() -> None:
    assert boundary_of(content_type("application/dicom", "edge")) == "edge"


@pytest.mark.parametrize("value", ["application/json", "multipart/related", ""])
def test_a_type_without_boundary_is_refused(value: str) -> None:
    with pytest.raises(MalformedMultipart):
        boundary_of(value)
