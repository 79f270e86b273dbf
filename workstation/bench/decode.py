"""Decoding in the worker processes, against the fastest library call that decodes the same frames in one's own.

Both have two cores: two workers, or two threads. Transport is what is left when there is next to nothing to decode: a
frame whose bytes are only turned round, there and back through shared memory.
"""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workstation.bench.encoded_frames import CODINGS, Coding, Decode, as_object, fastest, made_up_slice
from workstation.bench.measure import Findings, Pair, Size, paired, seconds
from workstation.decoding.pool import DecoderPool

MEASURES = (*CODINGS, "transport_512", "transport_12mib")
FIGURES = (
    *(f"{name}_mb_per_s" for name in CODINGS),
    "transport_512_ms",
    "transport_12mib_ms",
    "memory_mb",
)
_CORES = 2
# A large mammogram: 12 MiB of 16 bits.
_LARGE = (3072, 2048)
_FRAMES_FOR_SLICES = 25


def run(size: Size, folder: Path) -> Findings:
    """Measure each transfer syntax, the transport of a small and a large frame, and the workers' memory."""
    del folder
    count = max(_CORES, size.slices // _FRAMES_FOR_SLICES)
    large = _LARGE if size.side >= 512 else (size.side, size.side)
    with DecoderPool(_CORES) as pool, ThreadPoolExecutor(_CORES) as executor:
        pool.prewarm(pixels=True)
        pairs = [_coding(name, coding, size, count, pool, executor) for name, coding in CODINGS.items()]
        transports = [
            _transport("transport_512", (size.side, size.side), 4 * count, size, pool),
            _transport("transport_12mib", large, count, size, pool),
        ]
        memory = {"memory_mb": _peak_mb(pool)} if sys.platform == "linux" else {}
    decoded_mb = size.side * size.side * 2 / 1e6
    speeds = {f"{pair.name}_mb_per_s": decoded_mb / pair.requis_s for pair in pairs}
    costs = {f"{pair.name}_ms": max(pair.requis_s - pair.reference_s, 1e-9) * 1e3 for pair in transports}
    return Findings((*pairs, *transports), {**speeds, **costs, **memory})


def _coding(name: str, coding: Coding, size: Size, count: int, pool: DecoderPool, executor: ThreadPoolExecutor) -> Pair:
    values = made_up_slice(size.side, size.side)
    frame = coding.encode(values)
    part10 = as_object(coding, values, frame)
    decode: Decode = fastest(coding.decoders, frame, seconds)

    def by_workers() -> None:
        list(executor.map(pool.decode, [part10] * count))

    def by_library() -> None:
        list(executor.map(decode, [frame] * count))

    return paired(name, by_workers, by_library, size.rounds, count)


def _transport(name: str, shape: tuple[int, int], count: int, size: Size, pool: DecoderPool) -> Pair:
    """Return the pair of one frame at a time, by one worker and by this process."""
    coding = CODINGS["big_endian"]
    values = made_up_slice(*shape)
    frame = coding.encode(values)
    part10, turn = as_object(coding, values, frame), coding.decoders[0]
    return paired(name, _times(count, pool.decode, part10), _times(count, turn, frame), size.rounds, count)


def _times(count: int, act: Callable[[bytes], object], data: bytes) -> Callable[[], None]:
    def repeat() -> None:
        for _ in range(count):
            act(data)

    return repeat


def _peak_mb(pool: DecoderPool) -> float:
    """Return the highest resident memory that any worker reached."""
    peaks = []
    for pid in pool.pids:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        peaks += [int(line.split()[1]) / 1024.0 for line in status.splitlines() if line.startswith("VmHWM:")]
    return max(peaks)
