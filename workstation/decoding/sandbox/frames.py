"""Which fragments make up which compressed frame. Source: PS3.5 A.4."""

from workstation.decoding.errors import PixelsDisagree, UnsupportedPixels
from workstation.decoding.sandbox.part10 import Part10
from workstation.decoding.sandbox.plan import PixelPlan

Places = tuple[tuple[int, int], ...]

_STARTS = (b"\xff\xd8", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  ")


def frame_places(part10: Part10, plan: PixelPlan) -> tuple[Places, ...]:
    """Return, for each frame, the places of its fragments.

    Raises
    ------
    PixelsDisagree
        The fragments do not make the number of frames that the header states.
    """
    items = plan.place.fragments
    if items is None:
        raise UnsupportedPixels("compressed, but not encapsulated", name="OB")
    table, fragments = items[:1], items[1:]
    fragments = tuple(fragment for fragment in fragments if fragment[1])
    if len(fragments) == plan.frames:
        return tuple((fragment,) for fragment in fragments)
    if plan.frames == 1 and fragments:
        return (fragments,)
    grouped = _by_table(part10, table, fragments) or _by_start(part10, fragments)
    if len(grouped) != plan.frames:
        raise PixelsDisagree("number of frames")
    return grouped


def frame_bytes(part10: Part10, places: Places) -> bytes:
    """Return one compressed frame."""
    if len(places) == 1:
        start, length = places[0]
        return bytes(part10.data[start : start + length])
    return b"".join(part10.data[start : start + length] for start, length in places)


def _by_table(part10: Part10, table: Places, fragments: Places) -> tuple[Places, ...]:
    """Group by the basic offset table, whose offsets count from the first byte behind it."""
    if not table or not fragments or table[0][1] < 8:
        return ()
    start, length = table[0]
    offsets = [int.from_bytes(part10.data[at : at + 4], "little") for at in range(start, start + length - 3, 4)]
    base = start + length
    begins = {base + offset + 8 for offset in offsets}
    if not begins <= {fragment[0] for fragment in fragments}:
        return ()
    return _grouped(fragments, begins)


def _by_start(part10: Part10, fragments: Places) -> tuple[Places, ...]:
    begins = {start for start, _ in fragments if bytes(part10.data[start : start + 8]).startswith(_STARTS)}
    return _grouped(fragments, begins)


def _grouped(fragments: Places, begins: set[int]) -> tuple[Places, ...]:
    groups: list[list[tuple[int, int]]] = []
    for fragment in fragments:
        if fragment[0] in begins:
            groups.append([])
        elif not groups:
            return ()
        groups[-1].append(fragment)
    return tuple(tuple(group) for group in groups)
