"""What encryption and durability cost: objects, commits, a series, a catalogue, each beside the same without them."""

import os
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from viewers.identifiers import InstanceUID
from workstation.bench.catalogue_growth import catalogue_growth
from workstation.bench.made_up_series import MadeUpSeries, hold, made_up_series
from workstation.bench.measure import Findings, Pair, Size, paired
from workstation.decoding.pool import DecoderPool
from workstation.domain.clock import system_clock
from workstation.domain.digest import Digest
from workstation.store.catalogue import Catalogue
from workstation.store.database import Database
from workstation.store.objects import ObjectStore
from workstation.store.settings import SettingsStore
from workstation.store.unencrypted import UnencryptedDatabase

_KEY_BYTES = 32
_DURABLE = 20
_RANGES = 50
_LARGE = InstanceUID("2.25.1")
_MEGABYTE = 1e6


def run(size: Size, folder: Path) -> Findings:
    """Measure the encrypted store against plain files and an unencrypted database."""
    series = made_up_series(size)
    encrypted = ObjectStore(folder / "objects", secrets.token_bytes(_KEY_BYTES))
    plain = folder / "plain"
    plain.mkdir()
    pairs = (*_written(series, encrypted, plain, size), *_read(series, encrypted, plain, size))
    write, read = pairs[0], pairs[2]
    opened, commit = _opened(series, encrypted, plain, size, folder), _commits(size, folder)
    megabytes = sum(len(part10) for _, part10 in series.part10s) / _MEGABYTE
    grown = catalogue_growth(size, folder)
    figures = {
        "write_mb_per_s": megabytes / write.requis_s,
        "read_mb_per_s": megabytes / read.requis_s,
        "commits_per_s": 1.0 / commit.requis_s,
    }
    return Findings((*pairs, opened, commit, *grown.pairs), {**figures, **grown.figures})


def _written(series: MadeUpSeries, encrypted: ObjectStore, plain: Path, size: Size) -> tuple[Pair, ...]:
    # A worker that inspects an object brings its digest along.
    digests = {instance: Digest(part10).text for instance, part10 in series.part10s}

    def put(*, durable: bool) -> None:
        for instance, part10 in series.part10s[: _DURABLE if durable else None]:
            encrypted.put(instance, part10, durable, digest=digests[instance])

    def write(*, durable: bool) -> None:
        for instance, part10 in series.part10s[: _DURABLE if durable else None]:
            with (plain / instance).open("wb") as file:
                file.write(part10)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())

    return (
        paired("write", lambda: put(durable=False), lambda: write(durable=False), size.rounds),
        paired("write_durable", lambda: put(durable=True), lambda: write(durable=True), size.rounds),
    )


def _read(series: MadeUpSeries, encrypted: ObjectStore, plain: Path, size: Size) -> tuple[Pair, ...]:
    names = [instance for instance, _ in series.part10s]
    large = b"".join(part10 for _, part10 in series.part10s)
    encrypted.put(_LARGE, large, durable=False)
    (plain / _LARGE).write_bytes(large)
    frame = series.pixel_bytes
    step = max(1, (len(large) - frame) // _RANGES)
    starts = range(0, len(large) - frame, step)

    def read_ranges() -> None:
        with (plain / _LARGE).open("rb") as file:
            for start in starts:
                file.seek(start)
                file.read(frame)

    return (
        paired(
            "read",
            lambda: [encrypted.get(name) for name in names],
            lambda: [(plain / name).read_bytes() for name in names],
            size.rounds,
        ),
        paired(
            "range",
            lambda: [encrypted.read_range(_LARGE, start, frame) for start in starts],
            read_ranges,
            size.rounds,
            len(starts),
        ),
    )


def _opened(series: MadeUpSeries, encrypted: ObjectStore, plain: Path, size: Size, folder: Path) -> Pair:
    with ExitStack() as stack:
        database = Database.open(folder / "series.db", secrets.token_bytes(_KEY_BYTES), system_clock)
        stack.callback(database.close)
        catalogue = Catalogue(database)
        hold(series, catalogue, encrypted, stack.enter_context(DecoderPool()))
        return paired(
            "series",
            lambda: [encrypted.get(one.reference.instance) for one in catalogue.instances(series.study, series.series)],
            lambda: [(plain / instance).read_bytes() for instance, _ in series.part10s],
            size.rounds,
        )


def _commits(size: Size, folder: Path) -> Pair:
    encrypted = Database.open(folder / "commits.db", secrets.token_bytes(_KEY_BYTES), system_clock)
    plain = UnencryptedDatabase.open(folder / "commits-plain.db", b"", system_clock)
    try:
        return paired("commit", _committing(encrypted, size), _committing(plain, size), size.rounds, size.commits)
    finally:
        plain.close()
        encrypted.close()


def _committing(database: Database, size: Size) -> Callable[[], None]:
    settings, numbers = SettingsStore(database), count()

    def commit() -> None:
        for _ in range(size.commits):
            settings.set_value("bench", str(next(numbers)))

    return commit
