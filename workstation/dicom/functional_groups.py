"""Where a frame of a multi-frame object keeps what classic objects keep at their top.

First its own functional groups, then those shared by all frames, then the top itself. Source: PS3.3 C.7.6.16.
"""

from workstation.dicom.header import Header


class FrameHeader:
    """One frame seen through its functional groups, most particular first."""

    __slots__ = ("_levels", "own", "top")

    def __init__(self, top: Header, shared: Header, own: Header) -> None:
        self.top = top
        self.own = own
        self._levels = tuple(level for level in (own, shared) if level.elements)

    def group(self, keyword: str) -> Header:
        """Return the item of one functional group, or an empty header."""
        for level in self._levels:
            found = level.item(keyword)
            if found.elements:
                return found
        return Header({})

    def numbers(self, group: str, keyword: str) -> tuple[float, ...]:
        """Return numbers of a functional group, else of the top level."""
        return self.group(group).numbers(keyword) or self.top.numbers(keyword)

    def number(self, group: str, keyword: str) -> float | None:
        """Return the first of those numbers."""
        found = self.numbers(group, keyword)
        return found[0] if found else None

    def texts(self, group: str, keyword: str) -> tuple[str, ...]:
        """Return texts of a functional group, else of the top level."""
        return self.group(group).texts(keyword) or self.top.texts(keyword)

    def text(self, group: str, keyword: str) -> str:
        """Return the first of those texts."""
        found = self.texts(group, keyword)
        return found[0] if found else ""


def frame_headers(header: Header) -> tuple[FrameHeader, ...]:
    """Return one view for each frame; a classic image has one, an object whose groups are fewer than its frames all."""
    own = header.items("PerFrameFunctionalGroupsSequence")
    shared = header.item("SharedFunctionalGroupsSequence")
    count = max(1, header.integer("NumberOfFrames") or 1)
    nothing = Header({})
    return tuple(FrameHeader(header, shared, own[n] if n < len(own) else nothing) for n in range(count))
