"""What keeps two patients from being one: the traits in which they differ, and what each of them states there."""

from dataclasses import dataclass

from workstation.domain.identity import Trait
from workstation.domain.patient import Patient


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The ``traits`` in which what is known of a patient and what came differ, with the value of each in that order."""

    traits: tuple[Trait, ...]
    known: tuple[str, ...]
    came: tuple[str, ...]

    @classmethod
    def between(cls, known: Patient, came: Patient) -> "Contradiction":
        """Compare all strict traits that both state, the identifier also where one has none.

        Names are compared as they are spelt; where neither has an identifier, a missing name is another one.
        """
        is_nameless = bool(known.patient_id or came.patient_id) and not (known.name.dicom and came.name.dicom)
        stated = {
            Trait.IDENTIFIER: (known.patient_id, came.patient_id),
            Trait.ISSUER: _both(known.issuer_oid, came.issuer_oid),
            Trait.NAME: ("", "") if is_nameless else _names(known, came),
            Trait.BIRTH_DATE: _both(known.birth_date, came.birth_date),
            Trait.SEX: _both(known.sex, came.sex),
        }
        differing = {trait: values for trait, values in stated.items() if values[0] != values[1]}
        return cls(
            tuple(differing), tuple(one for one, _ in differing.values()), tuple(one for _, one in differing.values())
        )

    @property
    def reversed(self) -> "Contradiction":
        """The same, seen from the other side."""
        return Contradiction(self.traits, self.came, self.known)

    def is_among(self, admitted: frozenset["Contradiction"]) -> bool:
        """Whether a person has said that just these are of one patient."""
        return self in admitted or self.reversed in admitted

    def is_part_of(self, admitted: frozenset["Contradiction"]) -> bool:
        """Whether all that differs here does so in one that a person has admitted, which may differ in more."""
        return any(self._values <= one._values or self.reversed._values <= one._values for one in admitted)

    @property
    def _values(self) -> frozenset[tuple[Trait, str, str]]:
        return frozenset(zip(self.traits, self.known, self.came, strict=True))


def _both(known: str, came: str) -> tuple[str, str]:
    return (known, came) if known and came else ("", "")


def _names(known: Patient, came: Patient) -> tuple[str, str]:
    is_spelt_alike = known.name.spelling == came.name.spelling
    return ("", "") if is_spelt_alike else (known.name.dicom, came.name.dicom)
