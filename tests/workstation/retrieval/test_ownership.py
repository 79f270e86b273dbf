"""Whose objects are: whatever keeps two of them from being of one patient is named, so that it can be admitted."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from tests.workstation.retrieval.desk import STUDY
from viewers.identifiers import InstanceUID, SeriesUID
from workstation.decoding.received import ReceivedInstance
from workstation.dicom.describe import describe_patient, patient_traits
from workstation.dicom.header import Header, element, tag_of
from workstation.domain.contradiction import Contradiction
from workstation.domain.digest import Digest
from workstation.domain.patient import Patient, PersonName
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.retrieval.ownership import Ownership, is_same_patient

NAMES = (PersonName(), PersonName("TEST", "A"), PersonName("TEST", "B"), PersonName("ESSAI"))
PATIENTS = [
    Patient(identifier, name, birth_date=born, issuer_oid=issuer)
    for identifier, name, born, issuer in product(
        ("", "1", "2"), NAMES, ("", "19000101", "19660412"), ("", "1.2", "1.3")
    )
]


def contradicted(held: Patient, stated: Patient, *admitted: Contradiction) -> Contradiction | None:
    """Return why a study is not taken for that of whom its hub names, ``None`` where it is."""
    try:
        Ownership(STUDY, held, frozenset(admitted)).state(stated)
    except SomeoneElsesImages as error:
        return error.contradiction
    return None


def test_whatever_tells_two_patients_apart_is_named_with_both_values() -> None:
    for known, came in product(PATIENTS, PATIENTS):
        found = Contradiction.between(known, came)
        assert is_same_patient(known, came) or found.traits
        assert all(one != other for one, other in zip(found.known, found.came, strict=True))
        assert Contradiction.between(came, known) == found.reversed
        refused = contradicted(known, came)
        assert refused in (None, found)
        assert refused is None or refused.traits


@pytest.mark.parametrize("is_turned", [False, True])
def test_what_was_admitted_holds_both_ways_and_as_a_whole(is_turned: bool) -> None:
    held, corrected = Patient("1", NAMES[1], birth_date="19000101"), Patient("2", NAMES[1], birth_date="19660412")
    admitted = Contradiction.between(*((corrected, held) if is_turned else (held, corrected)))
    assert contradicted(held, corrected, admitted) is None
    crossed = (replace(held, birth_date="19660412"), replace(corrected, birth_date="19000101"))
    assert contradicted(*crossed, admitted) == Contradiction.between(*crossed)
    assert contradicted(held, replace(corrected, birth_date=""), admitted) is not None
    assert contradicted(held, replace(corrected, name=NAMES[3]), admitted) is not None


def received(**elements: str) -> ReceivedInstance:
    header = Header(
        {tag_of(keyword): element("PN" if "Name" in keyword else "LO", value) for keyword, value in elements.items()}
    )
    return ReceivedInstance(STUDY, SeriesUID("1.2.9"), InstanceUID("1.2.9.1"), "1.2", "1.2", header, Digest(b""), 1)


def test_all_that_a_patient_is_described_by_is_looked_at_in_each_object() -> None:
    read: set[str] = set()

    class Watched(Header):
        def at(self, tag: str) -> Any:
            read.add(tag)
            return super().at(tag)

    describe_patient(Watched({}))
    described = read.copy()
    read.clear()
    patient_traits(Watched({}))
    assert read == described


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("PatientID", "2"), ("PatientName", "OTHER"), ("PatientBirthDate", "19660412"), ("PatientSex", "F")],
)
def test_of_many_objects_that_fit_the_first_that_does_not_is_told(keyword: str, value: str) -> None:
    fits = {"PatientID": "1", "PatientName": "TEST", "PatientBirthDate": "19000101", "PatientSex": "M"}
    fits = fits if keyword == "PatientID" else fits | {"PatientID": ""}
    ownership = Ownership(STUDY, None, frozenset())
    for _ in range(3):
        ownership.check(received(**fits))
    with pytest.raises(SomeoneElsesImages):
        ownership.check(received(**fits | {keyword: value}))


def test_what_the_hub_states_later_is_compared_with_what_fitted_before() -> None:
    ownership = Ownership(STUDY, None, frozenset())
    ownership.check(received(PatientID="1", PatientName="TEST"))
    with pytest.raises(SomeoneElsesImages):
        ownership.state(Patient("2", NAMES[1]))
    ownership = Ownership(STUDY, None, frozenset())
    ownership.state(Patient("2", NAMES[1]))
    with pytest.raises(SomeoneElsesImages):
        ownership.check(received(PatientID="1", PatientName="TEST"))
