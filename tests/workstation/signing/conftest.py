"""One authority, one reader and one signed report for all the tests of this room: keys are slow to make."""

import pytest

from tests.workstation.signing.objects import Authority, Issued, authority, fixed_clock, issue, structured_report
from workstation.signing.dicom_signature import sign_part10
from workstation.signing.trust import TrustList


@pytest.fixture(scope="session")
def test_authority() -> Authority:
    return authority()


@pytest.fixture(scope="session")
def reader_key(test_authority: Authority) -> Issued:
    return issue(test_authority)


@pytest.fixture(scope="session")
def other_key(test_authority: Authority) -> Issued:
    return issue(test_authority)


@pytest.fixture(scope="session")
def trust(test_authority: Authority) -> TrustList:
    return TrustList.from_pem(test_authority.pem, "Test authority")


@pytest.fixture(scope="session")
def signed_report(reader_key: Issued) -> bytes:
    return sign_part10(structured_report(), reader_key.signer, None, fixed_clock)
