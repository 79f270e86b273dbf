"""Feeds mutants to the real workers and keeps account of what they cost."""

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.fuzz.mutations import mutated
from tests.support.memory import peak_bytes
from workstation.decoding.errors import CrashedTwice, DecodeTimeout, DecodingError, WorkerLost
from workstation.decoding.limits import MEBIBYTE, DecodeLimits
from workstation.decoding.pool import DecoderPool

FINDS = Path(__file__).parent / "finds"
# What the main process may grow by, and what a worker may use at its peak.
MAIN_RISE_BYTES = 200 * MEBIBYTE
WORKER_PEAK_BYTES = 1024 * MEBIBYTE
_BATCH = 500


@dataclass(slots=True)
class Account:
    """What a campaign met. ``lost`` holds the mutants that cost a worker; ``slowest_s`` is of one call."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    lost: list[bytes] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    main_rise_bytes: int = 0
    worker_peak_bytes: int = 0

    @property
    def tried(self) -> int:
        """How many mutants were given to a worker."""
        return self.read + sum(self.refused.values())


def secrets_of(corpus: Sequence[bytes]) -> tuple[str, ...]:
    """Return words of the corpus that no error may repeat: they stand where patients are named."""
    words: set[str] = set()
    for data in corpus:
        for tag in (b"\x10\x00\x10\x00PN", b"\x10\x00\x20\x00LO"):
            at = data.find(tag)
            if at >= 0:
                text = data[at + 8 : at + 8 + data[at + 6]].decode("latin_1").strip("\0 ")
                words |= {part for part in text.replace("^", " ").split() if len(part) >= 4}
    return tuple(words)


def read_as_received(pool: DecoderPool, data: bytes) -> None:
    """Read an object and its values as a transfer and a viewport do."""
    received = pool.inspect(data)
    if received.frames:
        pool.values(received, data)


def run(pool: DecoderPool, corpus: Sequence[bytes], seed: int, count: int, first: int = 0) -> Account:
    """Try mutants ``first`` to ``first + count`` of a seed; an error that is no refusal ends the campaign."""
    account, secrets = Account(), secrets_of(corpus)
    before = peak_bytes("self")

    def attempt(number: int) -> None:
        data = mutated(corpus, seed, number)
        operation = pool.overlays if number % 8 == 7 else partial(read_as_received, pool)
        started = time.monotonic()
        try:
            operation(data)
        except DecodingError as error:
            account.refused[type(error).__name__] += 1
            said = f"{error} {error.technical} {error.details}"
            account.leaks += [said for secret in secrets if secret in said]
            if isinstance(error, WorkerLost | DecodeTimeout) and not isinstance(error, CrashedTwice):
                account.lost.append(data)
        else:
            account.read += 1
        account.slowest_s = max(account.slowest_s, time.monotonic() - started)

    with ThreadPoolExecutor(pool.workers) as executor:
        for start in range(first, first + count, _BATCH):
            list(executor.map(attempt, range(start, min(start + _BATCH, first + count))))
            account.worker_peak_bytes = max(account.worker_peak_bytes, *map(peak_bytes, pool.pids), 0)
    account.main_rise_bytes = peak_bytes("self") - before
    return account


def keep(finds: Sequence[bytes]) -> None:
    """Keep mutants that cost a worker, so that every later run begins with them."""
    for data in finds:
        (FINDS / f"{hashlib.sha256(data).hexdigest()[:16]}.bin").write_bytes(data)


def check(account: Account, limits: DecodeLimits) -> None:
    """Fail where a cap was passed, a worker was lost, or an error said whom an object is of."""
    keep(account.lost)
    assert account.leaks == []
    assert account.lost == [], f"{len(account.lost)} mutants cost a worker; they were kept in {FINDS.name}"
    assert account.main_rise_bytes < MAIN_RISE_BYTES
    assert account.worker_peak_bytes < WORKER_PEAK_BYTES
    assert account.slowest_s < limits.start_s
