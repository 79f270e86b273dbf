"""How much of time, memory and output one object may take. Beyond it the object is refused, never the workstation."""

from dataclasses import asdict, dataclass

MEBIBYTE = 1 << 20
# What closes each page in the text of a document that a worker reads: a form feed.
PAGE_END = "\f"
# Tells a worker to load what decodes pixels before it is asked for it.
LOADS_PIXELS = "pixels"


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """The limits of one call; times are wall clock.

    ``parse_s`` is for reading a header, ``frame_s`` for each ``frame_unit_bytes`` of one decoded frame: a worker
    reports each frame, so that a long object may take its time while one that hangs is noticed after one frame.
    """

    parse_s: float = 5.0
    frame_s: float = 5.0
    frame_unit_bytes: int = 4 * MEBIBYTE
    page_s: float = 20.0
    start_s: float = 60.0
    input_bytes: int = 4096 * MEBIBYTE
    inflated_bytes: int = 1024 * MEBIBYTE
    inflate_ratio: int = 200
    edge: int = 20_000
    frame_bytes: int = 256 * MEBIBYTE
    total_bytes: int = 4096 * MEBIBYTE
    header_bytes: int = 128 * MEBIBYTE
    page_bytes: int = 256 * MEBIBYTE
    memory_bytes: int = 768 * MEBIBYTE

    def parse_seconds(self, size_bytes: int) -> float:
        """Return the time allowed to read the header of an object of this size."""
        return self.parse_s + size_bytes / (50 * MEBIBYTE)

    def frame_seconds(self, frame_bytes: int) -> float:
        """Return the time allowed between two signs of life while frames of this size are decoded."""
        return self.frame_s * max(1, -(-frame_bytes // self.frame_unit_bytes))

    def to_mapping(self) -> dict[str, float]:
        """Return the limits as plain numbers, to hand them to a worker."""
        return asdict(self)
