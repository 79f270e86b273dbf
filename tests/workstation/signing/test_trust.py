"""The way from a certificate to a root: what is accepted on it and what is not."""

from datetime import timedelta

import pytest

from tests.workstation.signing.objects import NOW, Authority, Issued, authority, issue
from workstation.signing.errors import TrustFileUnreadable
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Trust, TrustLine


@pytest.fixture(scope="module")
def intermediate(test_authority: Authority) -> Authority:
    return authority("Intermediate", test_authority)


def test_a_root_vouches_for_what_it_issued(reader_key: Issued, trust: TrustList) -> None:
    assert trust.trust(reader_key.certificate, NOW) == TrustLine(Trust.TRUSTED, "Test authority")


def test_an_intermediate_in_the_trust_list_leads_to_its_root(
    intermediate: Authority, test_authority: Authority
) -> None:
    both = TrustList.from_pem(test_authority.pem + intermediate.pem, "Both")
    assert both.trust(issue(intermediate).certificate, NOW) == TrustLine(Trust.TRUSTED, "Both")


def test_an_intermediate_that_came_with_the_object_leads_to_a_root_too(
    intermediate: Authority, trust: TrustList
) -> None:
    leaf = issue(intermediate).certificate
    assert trust.trust(leaf, NOW).state is Trust.UNKNOWN_AUTHORITY
    assert trust.trust(leaf, NOW, [intermediate.certificate]).state is Trust.TRUSTED


def test_a_root_that_came_with_the_object_is_not_trusted(trust: TrustList) -> None:
    stranger = authority("Stranger")
    leaf = issue(stranger).certificate
    assert trust.trust(leaf, NOW, [stranger.certificate]).state is not Trust.TRUSTED


@pytest.mark.parametrize("with_usage", [True, False])
def test_a_reader_cannot_vouch_for_others(with_usage: bool, test_authority: Authority, trust: TrustList) -> None:
    reader = issue(test_authority, with_usage=with_usage)
    forged = issue(Authority(reader.key, reader.certificate)).certificate
    assert trust.trust(forged, NOW, [reader.certificate]).state is Trust.BROKEN_CHAIN


def test_an_authority_of_the_same_name_with_another_key_is_not_trusted(reader_key: Issued) -> None:
    namesake = TrustList.from_pem(authority("Test authority").pem, "namesake")
    assert namesake.trust(reader_key.certificate, NOW).state is Trust.UNKNOWN_AUTHORITY


def test_a_root_that_has_expired_vouches_for_nothing(reader_key: Issued, trust: TrustList) -> None:
    assert trust.trust(reader_key.certificate, NOW + timedelta(days=5000)).state is Trust.BROKEN_CHAIN


def test_certificates_that_issue_each_other_do_not_loop(trust: TrustList) -> None:
    first = authority("A")
    second = authority("B", first)
    again = authority("A", second)
    leaf = issue(again).certificate
    others = [first.certificate, second.certificate, again.certificate]
    assert trust.trust(leaf, NOW, others).state is not Trust.TRUSTED


@pytest.mark.parametrize("pem", [b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_without_certificates_is_told(pem: bytes) -> None:
    with pytest.raises(TrustFileUnreadable):
        TrustList.from_pem(pem, "x")


def test_an_empty_list_trusts_no_one(reader_key: Issued) -> None:
    assert TrustList().trust(reader_key.certificate, NOW).state is Trust.UNKNOWN_AUTHORITY
