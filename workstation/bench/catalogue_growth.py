"""The catalogue as it grows to many thousands of studies: what a question costs, and how much room it takes."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from viewers.identifiers import StudyUID
from workstation.bench.made_up_series import PATIENT_ID, MadeUpSeries, made_up_series
from workstation.bench.measure import Findings, Pair, Size, paired
from workstation.decoding.pool import DecoderPool
from workstation.decoding.received import ReceivedInstance
from workstation.domain.clock import system_clock
from workstation.store.catalogue import Catalogue
from workstation.store.database import Database
from workstation.store.multiplied import STUDIES_OF_A_PATIENT, multiply, size_bytes
from workstation.store.unencrypted import UnencryptedDatabase

_KEY_BYTES = 32
_PAGE = 50
_ASKED = 5
_ROUNDS = 3  # some of these questions take a second


@dataclass(frozen=True, slots=True)
class _Grown:
    """A catalogue of ``count`` studies, all repeated from one."""

    catalogue: Catalogue
    model: StudyUID
    count: int

    def numbers(self) -> range:
        """Return ``_ASKED`` numbers of studies, from one end to the other."""
        return range(self.count // _ASKED - 1, self.count, self.count // _ASKED)

    def uid(self, number: int) -> StudyUID:
        """Return the identifier of one study."""
        return StudyUID(f"{self.model}.{number}")

    def pages(self) -> None:
        """Ask for the lists of studies that follow some of them."""
        for number in self.numbers():
            self.catalogue.page(_PAGE, self.uid(number))

    def studies(self) -> None:
        """Ask for some studies."""
        for number in self.numbers():
            self.catalogue.study(self.uid(number))

    def patients(self) -> None:
        """Ask for all studies of some patients."""
        for number in self.numbers():
            self.catalogue.related(f"{PATIENT_ID}{number // STUDIES_OF_A_PATIENT}")


_QUESTIONS: Mapping[str, Callable[[_Grown], None]] = MappingProxyType(
    {"page": _Grown.pages, "study": _Grown.studies, "patient": _Grown.patients}
)


def catalogue_growth(size: Size, folder: Path) -> Findings:
    """Measure a large catalogue against the same without encryption, and against a small one.

    Each study of the catalogues has one series and one instance.
    """
    key, rounds = secrets.token_bytes(_KEY_BYTES), min(_ROUNDS, size.rounds)
    model = _inspected(made_up_series(replace(size, slices=1)))
    with (
        _opened(Database, folder / "few.db", key) as few_database,
        _opened(Database, folder / "many.db", key) as many_database,
        _opened(UnencryptedDatabase, folder / "plain.db", b"") as plain_database,
    ):
        few = _filled(few_database, model, size.few_studies)
        many = _filled(many_database, model, size.many_studies)
        plain = _filled(plain_database, model, size.many_studies)
        pairs = [*_asked("", many, plain, rounds), *_asked("_growth", many, few, rounds)]
        room = (size_bytes(many_database), size_bytes(plain_database))
    opened = paired(
        "catalogue_open",
        lambda: Database.open(folder / "many.db", key, system_clock).close(),
        lambda: UnencryptedDatabase.open(folder / "plain.db", b"", system_clock).close(),
        rounds,
    )
    each, plain_each = (bytes_of_all / size.many_studies for bytes_of_all in room)
    return Findings((*pairs, opened), {"bytes_per_study": each, "plain_bytes_per_study": plain_each})


def _asked(suffix: str, requis: _Grown, reference: _Grown, rounds: int) -> Iterator[Pair]:
    for name, ask in _QUESTIONS.items():
        yield paired(f"catalogue_{name}{suffix}", partial(ask, requis), partial(ask, reference), rounds, _ASKED)


def _filled(database: Database, model: ReceivedInstance, studies: int) -> _Grown:
    catalogue = Catalogue(database)
    catalogue.record(model, "bench")
    multiply(database, model.study, 0, studies)
    return _Grown(catalogue, model.study, studies)


def _inspected(series: MadeUpSeries) -> ReceivedInstance:
    with DecoderPool(workers=1) as decoder:
        return decoder.inspect(series.part10s[0][1])


@contextmanager
def _opened(kind: type[Database], path: Path, key: bytes) -> Iterator[Database]:
    database = kind.open(path, key, system_clock)
    try:
        yield database
    finally:
        database.close()
