"""The catalogue that the benchmarks ask: its rows are as if received, and its reference has no encryption."""

from pathlib import Path

from tests.workstation.store.inspected import inspected
from tests.workstation.store.samples import KEY, STUDY, fixed_clock, open_database
from viewers.identifiers import StudyUID
from workstation.store.catalogue import Catalogue
from workstation.store.multiplied import multiply, size_bytes
from workstation.store.unencrypted import UnencryptedDatabase

_HEADER = b"SQLite format 3\0"


def test_a_repeated_study_is_read_like_one_that_was_received(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    catalogue = Catalogue(database, fixed_clock)
    catalogue.record(inspected(1, series=f"{STUDY}.4"), "hub")
    multiply(database, STUDY, 5, 9)
    held, repeated = catalogue.study(STUDY), catalogue.study(StudyUID(f"{STUDY}.8"))
    assert held is not None
    assert repeated is not None
    assert (repeated.patient.patient_id, repeated.patient.name) == ("DEMO-12", held.patient.name)
    assert (repeated.instances, repeated.modalities) == (held.instances, held.modalities)
    assert [one.uid for one in repeated.series] == [f"{STUDY}.4.8"]
    assert [one.uid for one in catalogue.related("DEMO-12")] == [f"{STUDY}.{n}" for n in (6, 7, 8)]
    assert len(catalogue.studies()) == 5
    database.close()


def test_only_the_reference_can_be_read_without_a_key(tmp_path: Path) -> None:
    encrypted = open_database(tmp_path)
    plain = UnencryptedDatabase.open(tmp_path / "plain.db", KEY, fixed_clock)
    assert size_bytes(plain) > 0
    plain.close()
    encrypted.close()
    assert (tmp_path / "plain.db").read_bytes().startswith(_HEADER)
    assert not (tmp_path / "profile.db").read_bytes().startswith(_HEADER)
