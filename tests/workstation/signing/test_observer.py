"""Who counts as the verifying observer: identifiers first, then the words of the name."""

import pytest

from tests.workstation.signing.objects import structured_report
from workstation.domain.reader import Reader
from workstation.signing.certificates import CertificateName
from workstation.signing.elements import Elements
from workstation.signing.observer import match_observer
from workstation.signing.part10 import read_part10
from workstation.signing.verdict import Match


def report_of(name: str, identifier: str) -> Elements:
    return read_part10(structured_report(observer=Reader(name, identifier, "Clinic"))).elements


def holder(name: str, *identifiers: str) -> CertificateName:
    return CertificateName(name, "", identifiers[0] if identifiers else "", frozenset(identifiers), name, "CA")


@pytest.mark.parametrize(
    ("observer", "identifier", "certificate", "expected"),
    [
        ("Lœcteur^Témoin^^Dr", "1", holder("Dr Témoin Lœcteur (DEMONSTRATION)", "1"), Match.MATCHES),
        ("LOECTEUR^TEMOIN", "1", holder("Temoin Loecteur", "1"), Match.MATCHES),
        ("Loecteur^Temoin", "1", holder("Temoin Loecteur-Essai", "1"), Match.MATCHES),
        ("Loecteur^Temoin", "1", holder("Temoin Loecteur", "2"), Match.DIFFERS),
        ("Essai^Autre", "1", holder("Temoin Loecteur", "1"), Match.DIFFERS),
        ("Loecteur^Temoin", "", holder("Dr Temoin Loecteur", "1"), Match.MATCHES),
        ("Loecteur^Temoin", "1", holder("Prof. Temoin Loecteur"), Match.MATCHES),
        ("Loecteur^Autre", "", holder("Temoin Loecteur"), Match.DIFFERS),
        ("", "", holder("Temoin Loecteur"), Match.DIFFERS),
        ("Loecteur^Temoin", "10001234567", holder("899700", "899700", "10001234567"), Match.MATCHES),
    ],
)
def test_observer_and_holder(observer: str, identifier: str, certificate: CertificateName, expected: Match) -> None:
    assert match_observer(report_of(observer, identifier), certificate)[0] is expected
