"""Whose objects are: whatever keeps two of them from being of one patient is named, so that it can be admitted."""

from dataclasses import replace
from itertools import product

import pytest

from tests.workstation.retrieval.desk import STUDY
from workstation.domain.contradiction import Contradiction
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
