"""The domain records: order of reading, identity, hub addresses."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.digest import Digest
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, RequestId, new_uid
from workstation.domain.patient import INS_TEST_OID, Patient, PersonName
from workstation.domain.request import (
    Carrier,
    Request,
    Requester,
    RequestState,
    Severity,
    Urgency,
    reading_order,
)

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
PATIENT = Patient("DEMO-1", PersonName("DEMO", "UN"))
BASE = Request(
    id=RequestId("1"),
    hub=HubName("site-a"),
    carrier=Carrier.WORK_ITEM,
    severity=Severity.ORDINARY,
    urgency=Urgency.MEDIUM,
    deadline=None,
    arrival=NOW,
    state=RequestState.SCHEDULED,
    question="?",
    clinical="",
    requester=Requester("R", "O", "+33"),
    patient=PATIENT,
    studies=(),
)


def test_queue_is_ordered_by_severity_then_urgency_then_deadline_then_arrival() -> None:
    late = replace(BASE, id=RequestId("late"), arrival=NOW + timedelta(hours=1))
    due = replace(BASE, id=RequestId("due"), deadline=NOW + timedelta(hours=2), arrival=NOW + timedelta(hours=3))
    urgent = replace(BASE, id=RequestId("urgent"), urgency=Urgency.HIGH, arrival=NOW + timedelta(hours=4))
    grave = replace(BASE, id=RequestId("grave"), severity=Severity.GRAVE, urgency=Urgency.LOW)
    ordered = reading_order((late, BASE, due, urgent, grave))
    assert [request.id for request in ordered] == ["grave", "urgent", "due", "1", "late"]


@given(st.permutations(["north", "south", "east", "west"]))
def test_the_site_never_changes_the_order(sites: list[str]) -> None:
    requests = tuple(
        replace(BASE, id=RequestId(str(n)), hub=HubName(site), arrival=NOW + timedelta(minutes=n))
        for n, site in enumerate(sites)
    )
    assert [request.id for request in reading_order(tuple(reversed(requests)))] == ["0", "1", "2", "3"]


def test_no_hub_hides_the_request_of_another_by_its_identifier() -> None:
    other = replace(BASE, hub=HubName("a hub before it"))
    assert reading_order((BASE, other, replace(BASE, question="Told later?"))) == (other, BASE)


def test_same_identifier_with_another_birth_date_is_not_the_same_person() -> None:
    one = replace(PATIENT, birth_date="19600101")
    assert one.is_same_person(PATIENT)
    assert not one.is_same_person(replace(PATIENT, birth_date="19600102"))


def test_an_identifier_that_only_one_states_excludes_nobody_and_the_other_traits_may() -> None:
    without = replace(PATIENT, patient_id="", name=PersonName("Demö", "Un"))
    stranger = replace(without, name=PersonName("OTHER"))
    for one, other, is_another in ((PATIENT, without, False), (PATIENT, stranger, True)):
        assert one.is_named_otherwise(other) is other.is_named_otherwise(one) is is_another


def test_test_identities_are_recognised_by_their_issuer() -> None:
    assert replace(PATIENT, issuer_oid=INS_TEST_OID).is_test
    assert not PATIENT.is_test


def test_only_loopback_addresses_count_as_loopback() -> None:
    assert HubSettings(HubName("a"), "http://127.0.0.1:8042/dicom-web").is_loopback
    assert HubSettings(HubName("a"), "http://[::1]:8042").is_loopback
    assert not HubSettings(HubName("a"), "http://127.0.0.1.example/dicom-web").is_loopback
    assert not HubSettings(HubName("a"), "http://localhost@hub.example/dicom-web").is_loopback


def test_a_hub_never_prints_its_secret() -> None:
    assert "hidden" not in repr(HubSettings(HubName("a"), "https://hub", secret="hidden"))


def test_new_uids_are_valid_and_differ() -> None:
    assert new_uid() != new_uid()
    assert len(new_uid()) <= 64


def test_a_digest_is_made_when_it_is_asked_for_and_once() -> None:
    room = bytearray(b"as it came")
    digest = Digest(memoryview(room).toreadonly())
    room[:] = b"as it lies"
    made = digest.text
    assert made == "blake3:" + blake3(b"as it lies").hexdigest()
    room[:] = b"used again"
    assert digest.text == made
    # Whoever has a digest does not hold the bytes.
    room.clear()


def test_digests_are_the_same_where_the_bytes_are() -> None:
    known = Digest.known(Digest(b"one").text)
    assert Digest(b"one") == known
    assert known == Digest(b"one")
    assert Digest(b"one") == Digest(b"one")
    assert Digest(b"two") != known
    assert known != known.text


def test_a_digest_is_compared_by_the_algorithm_of_the_one_that_was_made_and_keeps_to_it() -> None:
    former = hashlib.sha256(b"one").hexdigest()
    for is_first in (True, False):
        known, fresh = Digest.known(former), Digest(b"one")
        assert known == fresh if is_first else fresh == known
        assert fresh.text == former
        assert Digest(b"one") == fresh
    assert Digest(b"two") != Digest.known(former)
    made = Digest(b"one")
    assert made.text != former
    # Without its bytes nothing can be said, and they count as others.
    assert made != Digest.known(former)


def test_a_digest_that_two_threads_ask_for_in_two_ways_is_made_in_one() -> None:
    octets = bytes(4 << 20)
    former = Digest.known(hashlib.sha256(octets).hexdigest())

    with ThreadPoolExecutor(2) as executor:
        for _ in range(20):
            digest = Digest(octets)
            first, second = executor.submit(former.__eq__, digest), executor.submit(lambda one: one.text, digest)
            assert (second.result(), first.result()) == (digest.text, digest.text == former.text)
