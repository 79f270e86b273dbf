"""multipart/related: any split gives the same parts, truncation is always seen."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workstation.dicom.errors import MalformedMultipart, MultipartTruncated
from workstation.dicom.measured_part import plain_room
from workstation.dicom.multipart import (
    MultipartReader,
    Part,
    boundary_of,
    content_type,
    receive_multipart,
    write_multipart,
)

BOUNDARY = "edge"
LIMIT = 1 << 20


def read(body: bytes, cuts: list[int] | None = None) -> list[Part]:
    reader = MultipartReader(BOUNDARY, LIMIT)
    points = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts or [])})
    parts = [part for start, end in pairwise(points) for part in reader.feed(body[start:end])]
    parts += reader.rest()
    reader.finish()
    assert list(receive(body, points)) == parts
    return parts


def receive(body: bytes, points: list[int]) -> Iterator[Part]:
    """Read to where the parts stay, at most up to each point at a time."""
    stops, at = sorted({*points, len(body)}), 0

    def into(room: memoryview) -> int:
        nonlocal at
        stop = min(next((stop for stop in stops if stop > at), len(body)), at + len(room))
        room[: stop - at] = body[at:stop]
        count, at = stop - at, stop
        return count

    return receive_multipart(into, BOUNDARY, LIMIT, plain_room)


A_BOUNDARY_LINE = re.compile(rb"(^|\n)--edge(--|[ \t\r]*(\n|$))")
contents = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([b"x--edge", b"\r\n--edg", b"x--edge--\r\n", b"\r\n\r\n", b"\n--edgework\n", b"\n--edge-\n"]),
).filter(lambda content: not A_BOUNDARY_LINE.search(content))
bodies = st.lists(contents, max_size=5)


@given(bodies, st.lists(st.integers(min_value=0), max_size=12))
def test_any_split_of_the_bytes_gives_the_same_parts(contents: list[bytes], cuts: list[int]) -> None:
    sent = [Part({"content-type": "application/dicom"}, content) for content in contents]
    body = b"preamble\r\n" + b"".join(write_multipart(sent, BOUNDARY)) + b"epilogue"
    assert read(body, cuts) == sent


@dataclass(frozen=True)
class Written:
    """One part as a hub may write it; ``lie`` is added to its length, ``None`` tells no length."""

    content: bytes
    lie: int | None
    line_end: bytes
    padding: bytes


written = st.builds(
    Written,
    contents,
    st.one_of(st.none(), st.just(0), st.integers(-3, 3), st.integers(-300, 3000)),
    st.sampled_from([b"\r\n", b"\n"]),
    st.sampled_from([b"", b"", b" ", b"\t "]),
)


def wire(parts: list[Written], preamble: bytes, epilogue: bytes) -> bytes:
    lines = [preamble]
    for part in parts:
        length = b"" if part.lie is None else b"Content-Length: %d" % max(0, len(part.content) + part.lie)
        head = b"".join(line + part.line_end for line in (b"Content-Type: a/b", length) if line)
        lines += [b"--edge", part.padding, part.line_end, head, part.line_end, part.content, b"\r\n"]
    return b"".join([*lines, b"--edge--", epilogue])


@given(
    st.lists(written, max_size=5),
    st.sampled_from([b"", b"preamble\r\n", b"\xef\xbb\xbf", b"\n", b"x--edge\n"]),
    st.sampled_from([b"", b"\r\n", b"\r\n--edge\r\n\r\nno part\r\n"]),
    st.lists(st.integers(min_value=0), max_size=12),
)
def test_stated_lengths_right_or_wrong_change_nothing(
    sent: list[Written], preamble: bytes, epilogue: bytes, cuts: list[int]
) -> None:
    body = wire(sent, preamble, epilogue)
    # One that ends at a further delimiter by chance is the only one that can be believed wrongly: see below.
    assume(not any(spans_a_delimiter(body, part) for part in sent))
    assert [part.body for part in read(body, cuts)] == [part.content for part in sent]


def spans_a_delimiter(body: bytes, part: Written) -> bool:
    end = body.find(part.content + b"\r\n--edge") + len(part.content) + (part.lie or 0)
    return bool(part.lie) and body[end:].startswith((b"\r\n--edge", b"\n--edge"))


def test_a_length_over_two_parts_gives_one_that_no_reader_takes_for_an_object() -> None:
    inner = b"one\r\n--edge\r\nContent-Type: a/b\r\n\r\ntwo"
    body = b"--edge\r\nContent-Length: %d\r\n\r\n%b\r\n--edge--" % (len(inner), inner)
    assert [part.body for part in read(body)] == [inner]


@given(st.lists(written, min_size=1, max_size=4), st.lists(st.integers(min_value=0), max_size=8), st.data())
def test_a_cut_at_any_byte_is_seen_and_what_was_complete_is_handed_on(
    sent: list[Written], cuts: list[int], data: st.DataObject
) -> None:
    body = wire(sent, b"", b"")
    assume(not any(spans_a_delimiter(body, part) for part in sent))
    kept = body[: data.draw(st.integers(0, len(body) - 3))]
    parts, found = receive(kept, [cut % (len(kept) + 1) for cut in cuts]), []
    with pytest.raises(MultipartTruncated):
        found.extend(part.body for part in parts)
    # A part is complete with the delimiter line of the next.
    lines = [len(b"--edge" + part.padding + part.line_end) for part in sent[1:]]
    ends = [len(wire(sent[: k + 1], b"", b"")) - len(b"--edge--") + line for k, line in enumerate(lines)]
    assert found == [part.content for part in sent][: sum(end <= len(kept) for end in ends)]


def test_a_part_is_handed_on_with_the_first_bytes_of_the_next_delimiter() -> None:
    reader = MultipartReader(BOUNDARY, LIMIT)
    assert reader.feed(b"--edge\r\nContent-Length: 4\r\n\r\nbody\r\n--edge\r") == []
    assert [part.body for part in reader.feed(b"\n")] == [b"body"]


def test_a_stated_length_above_the_limit_is_not_waited_for() -> None:
    body = b"--edge\r\nContent-Length: 999999999999\r\n\r\nbody\r\n--edge\r\n"
    assert [part.body for part in MultipartReader(BOUNDARY, LIMIT).feed(body)] == [b"body"]


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


def test_a_part_of_stated_length_is_read_to_its_place_and_stays_there() -> None:
    body = b"--edge\r\nContent-Length: 40000\r\n\r\n" + b"x" * 40_000 + b"\r\n--edge--"
    given: list[memoryview] = []

    def room(size: int) -> memoryview:
        given.append(plain_room(size))
        return given[-1]

    stream = io.BytesIO(body)
    (part,) = receive_multipart(stream.readinto, BOUNDARY, LIMIT, room)
    assert isinstance(part.body, memoryview)
    assert part.body.readonly
    assert (part.body.obj, len(given)) == (given[0].obj, 1)


def test_where_there_is_no_room_for_what_is_stated_the_part_is_searched() -> None:
    def room(size: int) -> memoryview:
        raise MemoryError

    body = b"--edge\r\nContent-Length: 4\r\n\r\nbody\r\n--edge--"
    assert [part.body for part in receive_multipart(io.BytesIO(body).readinto, BOUNDARY, LIMIT, room)] == [b"body"]


def test_what_follows_the_end_is_not_kept() -> None:
    body = b"--edge\r\n\r\nbody\r\n--edge--" + b"x" * (3 << 20)
    assert [part.body for part in receive_multipart(io.BytesIO(body).readinto, BOUNDARY, LIMIT, plain_room)] == [
        b"body"
    ]


def test_a_part_is_complete_with_a_delimiter_line_of_a_line_feed_alone() -> None:
    found = []
    with pytest.raises(MultipartTruncated):
        found.extend(receive(b"--edge\r\n\r\nbody\r\n--edge\n", []))
    assert [part.body for part in found] == [b"body"]
