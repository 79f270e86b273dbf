"""Whether DCMTK's verifier reads a whole data set, told by a model of its buffer.

``dcmsign`` computes a signature through a buffer of 16 KiB. When that is full in the midst of a sequence inside an
item, it loses the rest of that sequence (asking whether a sequence may be signed moves its list of items to the end)
and calls a sound signature corrupted. Seen in DCMTK 3.6.7, in its source up to 3.7.
"""

from workstation.signing.elements import LONG_VRS, Element, Elements
from workstation.signing.mac_stream import has_signable_tag

SIZE = 16_384
LONG_HEADER, SHORT_HEADER, TAG = 12, 8, 4


def is_read_whole(elements: Elements) -> bool:
    """Whether nothing of ``elements`` is lost, by the rules of older and of newer versions."""
    return all(VerifierBuffer(least_header).takes(elements) for least_header in (SHORT_HEADER, LONG_HEADER))


class VerifierBuffer:
    """How much room is left in the buffer, and whether anything was lost so far."""

    def __init__(self, least_header: int = LONG_HEADER, left: int = SIZE) -> None:
        self._least_header = least_header
        self.left = left
        self.is_whole = True

    def takes(self, elements: Elements) -> bool:
        """Take all elements of a data set, or those up to the first loss."""
        for element in elements:
            if self.is_whole:
                self.take(element, 0)
        return self.is_whole

    def take(self, element: Element, depth: int) -> None:
        """Take one element; ``depth`` 0 is the data set itself."""
        if not has_signable_tag(element.tag):
            return
        is_safe = depth <= 1
        if element.items is None:
            size = LONG_HEADER if element.vr in LONG_VRS else SHORT_HEADER
            self.put(size, max(size, self._least_header), is_safe=is_safe)
            self._put_value(len(element.value), is_safe=is_safe)
            return
        self.put(SHORT_HEADER, LONG_HEADER, is_safe=is_safe)
        for item in element.items:
            self.take_item(item, depth)
        self.put(TAG, TAG, is_safe=is_safe)

    def take_item(self, item: Elements, depth: int) -> None:
        """Take one item of a sequence that lies at ``depth``."""
        self.put(TAG, TAG, is_safe=depth == 0)
        for nested in item:
            self.take(nested, depth + 1)

    def put(self, size: int, needed: int, *, is_safe: bool) -> None:
        """Put bytes that are never divided; ``needed`` is the room that DCMTK asks for before it writes them."""
        if self.left < needed:
            self._full(is_safe=is_safe)
        self.left -= size

    def _put_value(self, size: int, *, is_safe: bool) -> None:
        while size > self.left:
            size -= self.left
            self._full(is_safe=is_safe)
        self.left -= size

    def _full(self, *, is_safe: bool) -> None:
        self.left = SIZE
        self.is_whole = self.is_whole and is_safe
