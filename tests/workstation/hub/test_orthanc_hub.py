"""A hub without UPS-RS, a real Orthanc: search, retrieve, store, and requests as structured reports."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pydicom
import pytest

from tests.support.hub_clients import ALPHA, BRAVO, client_of, inspect
from tests.support.instances import make_instance, to_part10
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, RequestId, TransactionUID, new_uid
from workstation.domain.patient import Patient, PersonName
from workstation.domain.request import Carrier, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import InstanceReference, StudyReference
from workstation.hub.errors import AlreadyClaimed, NotOnHub, RequestClosed, StaleClaim
from workstation.hub.protocol import DeclineReason, HubClient, StudyQuery
from workstation.hub.registry import open_hub
from workstation.hub.report_outline import Status, StatusKind
from workstation.hub.report_writing import build_status_sr
from workstation.hub.request_sr import claim_uid

pytestmark = pytest.mark.orthanc

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
BASIC_SR = "1.2.840.10008.5.1.4.1.1.88.11"


@pytest.fixture
def client(orthanc: str) -> Iterator[HubClient]:
    with client_of(orthanc) as opened:
        yield opened


@pytest.fixture
def study(client: HubClient) -> StudyUID:
    """A study of three instances in two series, on the hub."""
    uid, first, second = new_uid(), new_uid(), new_uid()
    made = [
        make_instance(StudyInstanceUID=uid, SeriesInstanceUID=series, InstanceNumber=number, SeriesNumber=1)
        for number, series in enumerate((first, first, second), 1)
    ]
    assert len(client.store(made).stored) == 3
    return StudyUID(uid)


def request_for(study: StudyUID) -> Request:
    first_report = InstanceReference(study, SeriesUID(new_uid()), InstanceUID(new_uid()), BASIC_SR)
    return Request(
        id=RequestId(new_uid()),
        hub=HubName("hub"),
        carrier=Carrier.REQUEST_SR,
        severity=Severity.IMMEDIATE,
        urgency=Urgency.HIGH,
        deadline=NOW + timedelta(hours=1),
        arrival=NOW,
        state=RequestState.SCHEDULED,
        question="Hématome ?\nŒdème ?",
        clinical="Chute",
        requester=Requester("Demandeur Essai", "CH de Thiers", "+33 4 73", "1000", "demandeur@ch.example"),
        patient=Patient("TEST-1", PersonName("Éssai", "Zêta")),
        studies=(StudyReference(study, HubName("hub")),),
        priors=(StudyReference(StudyUID(new_uid()), HubName("hub")),),
        first_reports=(first_report,),
        modality="CT",
        region="tête",
        specialty="neuro",
        language="fr",
        placer_order="P1",
        key_series=("1.2.3",),
    )


def of_study(client: HubClient, study: StudyUID, *states: RequestState) -> list[Request]:
    found = client.requests(states) if states else client.requests()
    return [request for request in found if request.studies[0].study == study]


def report_series(client: HubClient, study: StudyUID) -> SeriesUID:
    return next(one.uid for one in client.search_series(study) if one.modality == "SR")


def transaction() -> TransactionUID:
    return TransactionUID(new_uid())


def test_a_study_is_found_listed_and_retrieved_as_it_was_stored(client: HubClient) -> None:
    part10 = make_instance(PatientID="SEARCH-1", StudyDescription="Crâne", SeriesDescription="Os")
    assert client.store([part10]).failed == ()
    found = client.search_studies(StudyQuery(patient_id="SEARCH-1"))
    assert [(study.patient.name.family, study.description, study.instances) for study in found] == [
        ("Éssai", "Crâne", 1)
    ]
    series = client.search_series(found[0].uid)
    assert [(one.modality, one.description) for one in series] == [("CT", "Os")]
    references = client.search_instances(found[0].uid, series[0].uid)
    assert references[0].sop_class == CT_IMAGE
    assert client.retrieve_instance(references[0]) == part10
    assert list(client.retrieve_series(found[0].uid, series[0].uid)) == [part10]
    assert list(client.retrieve_study(found[0].uid)) == [part10]
    assert client.search_studies(StudyQuery(patient_id="NOBODY")) == ()


def test_a_study_limit_holds(client: HubClient, study: StudyUID) -> None:
    assert len(client.search_studies(StudyQuery(), limit=1)) == 1


def test_what_is_not_there_is_said(client: HubClient) -> None:
    with pytest.raises(NotOnHub):
        list(client.retrieve_study(StudyUID("1.2.3.4.5")))


def test_garbage_is_not_called_stored(client: HubClient) -> None:
    good = make_instance()
    outcome = client.store([good, b"garbage"])
    assert [str(uid) for uid in outcome.stored] == [inspect(good).uid("SOPInstanceUID")]


def test_the_hub_is_known_to_have_soft_claims_only(client: HubClient) -> None:
    assert client.carrier is Carrier.REQUEST_SR
    assert not client.capabilities().has_atomic_claims


def test_a_request_report_is_read_as_it_was_placed(client: HubClient, study: StudyUID) -> None:
    request = request_for(study)
    client.place(request)
    assert of_study(client, study) == [request]


def test_the_loop_of_a_request_report_ends_completed(client: HubClient, study: StudyUID) -> None:
    request, mine = request_for(study), transaction()
    client.place(request)
    client.claim(request, ALPHA, mine)
    client.claim(request, ALPHA, mine)
    held = of_study(client, study)[0]
    assert held.state is RequestState.IN_PROGRESS
    assert held.holder is not None
    assert held.holder.name == ALPHA.name
    with pytest.raises(AlreadyClaimed) as refusal:
        client.claim(request, BRAVO, transaction())
    assert refusal.value.holder == ALPHA.name
    output = InstanceReference(study, SeriesUID(new_uid()), InstanceUID(new_uid()), BASIC_SR)
    client.report_output(request, mine, [output], ALPHA, NOW, NOW)
    client.complete(request, mine)
    client.complete(request, mine)
    assert of_study(client, study) == []
    assert of_study(client, study, RequestState.COMPLETED)[0].id == request.id


def test_a_request_report_can_be_given_back_and_taken_by_another(client: HubClient, study: StudyUID) -> None:
    request, mine = request_for(study), transaction()
    client.place(request)
    client.claim(request, ALPHA, mine)
    with pytest.raises(StaleClaim):
        client.release(request, transaction(), BRAVO)
    client.release(request, mine, ALPHA)
    assert of_study(client, study) == [request]
    client.claim(request, BRAVO, transaction())
    holder = of_study(client, study)[0].holder
    assert holder is not None
    assert holder.name == BRAVO.name


def test_a_claim_that_another_goes_before_is_given_back_when_it_is_repeated_or_dropped(
    client: HubClient, study: StudyUID
) -> None:
    request = request_for(study)
    client.place(request)
    by_repeating, by_dropping = transaction(), transaction()
    template = inspect(client.retrieve_instance(client.search_instances(study, report_series(client, study))[0]))
    claims = [(ALPHA, by_repeating), (ALPHA, by_dropping), (BRAVO, transaction())]
    for minutes, (reader, made) in enumerate(reversed(claims)):
        uid, at = claim_uid(request.id, made), NOW + timedelta(minutes=minutes)
        status = Status(uid, request.id, StatusKind.CLAIMED, reader.name, reader.identifier, at, uid)
        client.store([build_status_sr(status, template)])
    assert len(client.look(request).rivals) == 2
    with pytest.raises(AlreadyClaimed):
        client.claim(request, ALPHA, by_repeating)
    client.release(request, by_dropping, ALPHA)
    held = client.look(request)
    assert held.holder is not None
    assert (held.holder.name, held.rivals) == (BRAVO.name, ())
    with pytest.raises(AlreadyClaimed):
        client.claim(request, ALPHA, by_repeating)


def test_a_declined_request_report_is_closed(client: HubClient, study: StudyUID) -> None:
    request = request_for(study)
    client.place(request)
    client.decline(request, DeclineReason.OBJECTS_INCOMPLETE, "", ALPHA, transaction())
    assert of_study(client, study) == []
    with pytest.raises(RequestClosed):
        client.claim(request, BRAVO, transaction())


def test_of_two_claims_that_cross_the_earlier_holds(orthanc: str, client: HubClient, study: StudyUID) -> None:
    """Both write before either reads again: the hub cannot prevent it, the rule decides it."""
    request = request_for(study)
    client.place(request)
    both_checked, both_wrote = threading.Barrier(2), threading.Barrier(2)
    outcome: dict[str, bool] = {}

    def run(name: str, at: datetime) -> None:
        moments = iter([True])

        def clock() -> datetime:
            if next(moments, False):
                both_checked.wait(60)
            return at

        def settle(_seconds: float) -> None:
            both_wrote.wait(60)

        reader = replace(ALPHA, name=name)
        settings = HubSettings(HubName("hub"), orthanc)
        mine = open_hub(settings, inspect, clock=clock, sleep=settle)
        mine.requests()
        try:
            mine.claim(request, reader, transaction())
            outcome[name] = True
        except AlreadyClaimed as refusal:
            outcome[name] = refusal.holder != "early"
        finally:
            mine.close()

    runs = [("late", NOW + timedelta(seconds=1)), ("early", NOW)]
    threads = [threading.Thread(target=run, args=entry) for entry in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcome == {"early": True, "late": False}
    holder = of_study(client, study)[0].holder
    assert holder is not None
    assert holder.name == "early"


def test_a_signed_report_that_cites_the_request_completes_it(client: HubClient, study: StudyUID) -> None:
    request = request_for(study)
    client.place(request)
    stored = client.search_instances(study, report_series(client, study))[0]
    final = pydicom.dcmread(BytesIO(client.retrieve_instance(stored)))
    cited, cited_series = pydicom.Dataset(), pydicom.Dataset()
    cited.ReferencedSOPClassUID, cited.ReferencedSOPInstanceUID = final.SOPClassUID, final.SOPInstanceUID
    cited_series.SeriesInstanceUID, cited_series.ReferencedSOPSequence = final.SeriesInstanceUID, [cited]
    cited_study = pydicom.Dataset()
    cited_study.StudyInstanceUID, cited_study.ReferencedSeriesSequence = study, [cited_series]
    final.PertinentOtherEvidenceSequence = [cited_study]
    final.SOPInstanceUID = new_uid()
    final.ConceptNameCodeSequence[0].CodeValue = "18748-4"
    final.VerificationFlag = "VERIFIED"
    client.store([to_part10(final)])
    assert of_study(client, study) == []
    assert [found.id for found in of_study(client, study, RequestState.COMPLETED)] == [request.id]
