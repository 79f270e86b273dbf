"""A body is handed over once, in pieces and to where it is wanted, in any mixture."""

from hypothesis import given
from hypothesis import strategies as st

from workstation.hub.body import Body

PIECES = st.lists(st.binary(max_size=20), max_size=8)


def drained(body: Body, sizes: list[int]) -> bytes:
    found = bytearray()
    for number in range(1000):
        room = memoryview(bytearray(sizes[number % len(sizes)]))
        count = body.into(room)
        if not count:
            break
        found += room[:count]
    return bytes(found)


@given(PIECES, st.lists(st.integers(1, 30), min_size=1, max_size=4), st.booleans())
def test_all_that_comes_is_read_to_where_it_is_wanted(
    pieces: list[bytes], sizes: list[int], is_looked_at: bool
) -> None:
    body = Body(iter(pieces))
    if is_looked_at:
        assert body.start() == (pieces[0] if pieces else b"")
    assert drained(body, sizes) == b"".join(pieces)
    assert body.into(memoryview(bytearray(4))) == 0


@given(PIECES)
def test_what_was_looked_at_is_among_the_pieces(pieces: list[bytes]) -> None:
    body = Body(iter(pieces))
    body.start()
    assert b"".join(body.pieces()) == b"".join(pieces)


def test_what_was_looked_at_comes_before_what_is_read_directly() -> None:
    rest = iter([b"cd", b""])

    def direct(room: memoryview) -> int:
        piece = next(rest)
        room[: len(piece)] = piece
        return len(piece)

    body = Body(iter([b"ab"]), direct)
    assert body.start() == b"ab"
    assert drained(body, [2, 8]) == b"abcd"
