"""What DCMTK's verifier writes to its buffer for some elements, ready to be asked for many rooms left; see there."""

from bisect import bisect_right
from itertools import accumulate

from workstation.signing.elements import Elements
from workstation.signing.verifier_buffer import SIZE, VerifierBuffer


class VerifierSteps(VerifierBuffer):
    """The writes of some elements, one behind the other, as newer versions make them.

    Only the writes that meet a full buffer matter. The first one does not fit that reaches beyond the room there was:
    it is looked up, where the model itself walks through every write of every element.
    """

    def __init__(self, elements: Elements) -> None:
        super().__init__()
        self._sizes: list[int] = []
        self._needs: list[int] = []
        self._safe: list[bool] = []
        self._divided: list[bool] = []
        for element in elements:
            self.take(element, 0)
        self._before = tuple(accumulate(self._sizes, initial=0))
        reached = (before + need for before, need in zip(self._before, self._needs, strict=False))
        self._furthest = tuple(accumulate(reached, max))

    def put(self, size: int, needed: int, *, is_safe: bool) -> None:
        """Note bytes that are never divided."""
        self._note(size, needed, is_safe=is_safe, is_divided=False)

    def _put_value(self, size: int, *, is_safe: bool) -> None:
        self._note(size, size, is_safe=is_safe, is_divided=True)

    def _note(self, size: int, needed: int, *, is_safe: bool, is_divided: bool) -> None:
        self._sizes.append(size)
        self._needs.append(needed)
        self._safe.append(is_safe)
        self._divided.append(is_divided)

    def fit(self, left: int) -> bool:
        """Whether a buffer with so much room takes them all without a loss, as ``VerifierBuffer.takes`` would tell."""
        room = left
        while (at := bisect_right(self._furthest, room)) < len(self._sizes):
            if not self._safe[at]:
                return False
            before = self._before[at]
            over = (self._sizes[at] - (room - before)) if self._divided[at] else self._sizes[at]
            room = self._before[at + 1] + SIZE - ((over - 1) % SIZE + 1)
        return True
