"""Damaged files in the real workers: the workstation lives, keeps within its caps, and says nothing of whom they are.

``REQUIS_FUZZ_SEED`` and ``REQUIS_FUZZ_COUNT`` try others, or more.
"""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.fuzz.campaign import FINDS, check, read_as_received, run
from tests.fuzz.corpus import packaged, shared, synthetic
from tests.fuzz.mutations import KINDS, mutated
from tests.workstation.decoding.objects import image, part10
from workstation.decoding.errors import DecodeTimeout, DecodingError, WorkerLost
from workstation.decoding.limits import DecodeLimits
from workstation.decoding.pool import DecoderPool

SEED = int(os.environ.get("REQUIS_FUZZ_SEED", "20260"))
LIMITS = DecodeLimits()


@pytest.fixture(scope="module")
def pool() -> Iterator[DecoderPool]:
    with DecoderPool(workers=2, limits=LIMITS) as opened:
        opened.prewarm()
        yield opened


def test_ten_thousand_mutants_do_no_harm(pool: DecoderPool) -> None:
    account = run(pool, [*packaged(), *synthetic()], SEED, 10_000)
    check(account, LIMITS)
    assert account.tried == 10_000
    # Damage must be of all sorts: some files survive it, and the others are refused for several reasons.
    assert account.read > 500
    assert len(account.refused) >= 6
    assert pool.inspect(part10(image())).frames == 1


@pytest.mark.slow
def test_half_a_million_mutants_do_no_harm(pool: DecoderPool) -> None:
    count = int(os.environ.get("REQUIS_FUZZ_COUNT", "500000"))
    account = run(pool, [*packaged(), *synthetic(), *shared()], SEED + 1, count)
    print(account.tried, account.read, dict(account.refused), account.slowest_s, account.worker_peak_bytes >> 20)
    check(account, LIMITS)
    assert account.tried == count


@pytest.mark.parametrize("path", sorted(FINDS.glob("*.bin")), ids=lambda path: path.stem)
def test_what_was_once_found_costs_no_worker_any_more(pool: DecoderPool, path: Path) -> None:
    for operation in (partial(read_as_received, pool), pool.overlays):
        try:
            operation(path.read_bytes())
        except (WorkerLost, DecodeTimeout):
            raise
        except DecodingError:
            continue


def test_a_seed_gives_the_same_mutants_by_every_kind() -> None:
    corpus = synthetic()
    numbers = range(len(corpus) * len(KINDS))
    assert [mutated(corpus, 3, n) for n in numbers] == [mutated(corpus, 3, n) for n in numbers]
    assert len({mutated(corpus, 3, n) for n in numbers}) > 0.9 * len(numbers)
