"""Whether two examinations are of one person, trait by trait; what is not proved is for the reader to confirm."""

from collections.abc import Mapping
from enum import StrEnum

from workstation.domain.patient import Patient, PersonName
from workstation.domain.spelling import folded


class Trait(StrEnum):
    """What identifies a patient."""

    IDENTIFIER = "identifier"
    ISSUER = "issuer"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"


class Match(StrEnum):
    """How two examinations state one trait."""

    SAME = "same"
    DIFFERENT = "different"
    UNSTATED = "unstated"


def compared(one: Patient, other: Patient) -> Mapping[Trait, Match]:
    """Return how every trait agrees; a trait that one of the two does not state is unstated."""
    return {
        Trait.IDENTIFIER: _match(one.patient_id.strip(), other.patient_id.strip()),
        Trait.ISSUER: _issuers(one, other),
        Trait.NAME: _names(one, other),
        Trait.BIRTH_DATE: _match(one.birth_date, other.birth_date),
        Trait.SEX: _match(one.sex, other.sex),
    }


def doubts(one: Patient, other: Patient) -> tuple[Trait, ...]:
    """Return the traits for which it is not proved that both are one person; nothing where it is.

    It is proved by one identifier, or without identifiers by name and birth date, if nothing contradicts.
    """
    matches = compared(one, other)
    found = [trait for trait, match in matches.items() if match is Match.DIFFERENT]
    without = matches[Trait.IDENTIFIER] is Match.UNSTATED
    if without and not matches[Trait.NAME] is matches[Trait.BIRTH_DATE] is Match.SAME:
        found.insert(0, Trait.IDENTIFIER)
    return tuple(dict.fromkeys(found))


def _match(one: str, other: str) -> Match:
    if not one or not other:
        return Match.UNSTATED
    return Match.SAME if one == other else Match.DIFFERENT


def _issuers(one: Patient, other: Patient) -> Match:
    by_oid = _match(one.issuer_oid, other.issuer_oid)
    return by_oid if by_oid is not Match.UNSTATED else _match(one.issuer.casefold(), other.issuer.casefold())


def _names(one: Patient, other: Patient) -> Match:
    """Compare family and given names as they sound; a birth name may stand for the family name."""
    given = _match(_plain(one.name.given), _plain(other.name.given))
    families = [{_plain(name) for name in (who.name.family, who.birth_name)} - {""} for who in (one, other)]
    if not families[0] or not families[1]:
        return _match(_whole(one.name), _whole(other.name))
    return Match.SAME if families[0] & families[1] and given is not Match.DIFFERENT else Match.DIFFERENT


def _whole(name: PersonName) -> str:
    """Return what there is of a name where it has no family name in Latin letters."""
    return _plain(name.dicom)


def _plain(text: str) -> str:
    """Return the letters and digits without accents, case and what separates them."""
    return "".join(letter for letter in folded(text) if letter.isalnum())
