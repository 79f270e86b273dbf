"""Whether two examinations are of one person: trait by trait, and doubted rather than believed."""

from dataclasses import replace

import pytest

from workstation.domain.identity import Match, Trait, compared, doubts
from workstation.domain.patient import Patient, PersonName

WHO = Patient("4711", PersonName("Test", "Eins"), birth_date="19600102", sex="F", issuer_oid="1.2.3")


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (WHO, ()),
        (replace(WHO, patient_id="4712"), (Trait.IDENTIFIER,)),
        (replace(WHO, issuer_oid="1.2.4"), (Trait.ISSUER,)),
        (replace(WHO, issuer_oid=""), ()),
        (replace(WHO, name=PersonName("TEST", "eins", "Mitte")), ()),
        (replace(WHO, name=PersonName("Test", "Zwei")), (Trait.NAME,)),
        (replace(WHO, name=PersonName("Probe", "Eins")), (Trait.NAME,)),
        (replace(WHO, name=PersonName("Probe", "Eins"), birth_name="Test"), ()),
        (replace(WHO, name=PersonName()), ()),
        (replace(WHO, birth_date="19600103"), (Trait.BIRTH_DATE,)),
        (replace(WHO, birth_date="", sex=""), ()),
        (replace(WHO, sex="M"), (Trait.SEX,)),
        (replace(WHO, patient_id=""), ()),
        (replace(WHO, patient_id="", birth_date=""), (Trait.IDENTIFIER,)),
        (replace(WHO, patient_id="", name=PersonName("Probe")), (Trait.IDENTIFIER, Trait.NAME)),
    ],
)
def test_what_differs_is_named_and_what_is_not_proved_is_doubted(other: Patient, expected: tuple[Trait, ...]) -> None:
    assert doubts(WHO, other) == expected
    assert doubts(other, WHO) == expected


def test_accents_and_separators_make_no_other_person() -> None:
    one = replace(WHO, name=PersonName("Épreuve-Test", "Zoé"))
    other = replace(WHO, name=PersonName("EPREUVE TEST", "ZOE"))
    assert compared(one, other)[Trait.NAME] is Match.SAME


def test_two_without_any_traits_are_not_one_person() -> None:
    nobody = Patient("", PersonName())
    assert doubts(nobody, nobody) == (Trait.IDENTIFIER,)
    assert set(compared(nobody, nobody).values()) == {Match.UNSTATED}
