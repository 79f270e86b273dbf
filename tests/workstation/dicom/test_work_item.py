"""Requests as work items: nothing is lost on the way, and strangers' work items are read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.uid import BasicTextSRStorage, CTImageStorage

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.errors import MalformedHeader
from workstation.dicom.header import DicomJson, Header, element, elements
from workstation.dicom.moments import date_time, date_time_text
from workstation.dicom.work_item import request_to_work_item, work_item_to_request
from workstation.dicom.work_item_progress import continued, performer_update
from workstation.domain.identifiers import HubName, RequestId, TransactionUID
from workstation.domain.patient import INS_TEST_OID, Patient, PersonName
from workstation.domain.reader import Reader
from workstation.domain.request import Carrier, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import InstanceReference, StudyReference

HUB, OTHER = HubName("regional"), HubName("national")
ROOTS = {HUB: "https://hub.example/dicom-web", OTHER: "https://other.example/rs"}
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
malformed: st.SearchStrategy[object] = st.sampled_from(
    [None, "text", [1], {"Value": 3}, {"Value": [{}]}, {"Value": [None, 1.5]}]
)
words = st.text(st.characters(categories=("L", "N", "P"), exclude_characters="\\^=:"), max_size=12)
lines = st.lists(words.filter(bool), max_size=12).map(" ".join)
uids = st.integers(1, 10**30).map(lambda number: f"2.25.{number}")
moments = st.integers(10**9, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
patients = st.builds(
    Patient,
    patient_id=words,
    name=st.builds(PersonName, family=words, given=words),
    birth_name=words,
    birth_date=st.sampled_from(("", "19600101")),
    sex=st.sampled_from(("", "F", "M", "O")),
    issuer=words,
    issuer_oid=st.sampled_from(("", INS_TEST_OID)),
)
requesters = st.builds(
    Requester,
    name=words,
    organisation=words,
    telephone=st.sampled_from(("", "+33 4 73 00 00 00")),
    identifier=words,
    email=st.sampled_from(("", "garde@chu.example")),
)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    studies = draw(st.lists(uids, min_size=1, max_size=4, unique=True))
    split = draw(st.integers(1, len(studies)))
    references = [StudyReference(StudyUID(uid), HUB) for uid in studies[:split]]
    priors = [StudyReference(StudyUID(uid), draw(st.sampled_from((HUB, OTHER)))) for uid in studies[split:]]
    reports = [
        InstanceReference(references[0].study, SeriesUID(draw(uids)), InstanceUID(uid), COMPREHENSIVE_SR)
        for uid in draw(st.lists(uids, max_size=2))
    ]
    return Request(
        id=RequestId(draw(uids)),
        hub=HUB,
        carrier=Carrier.WORK_ITEM,
        severity=draw(st.sampled_from(Severity)),
        urgency=draw(st.sampled_from(Urgency)),
        deadline=draw(st.none() | moments),
        arrival=draw(moments),
        state=RequestState.SCHEDULED,
        question=draw(lines.filter(bool)),
        clinical=draw(lines),
        requester=draw(requesters),
        patient=draw(patients),
        studies=tuple(references),
        priors=tuple(priors),
        first_reports=tuple(reports),
        modality=draw(words),
        region=draw(words),
        specialty=draw(words),
        language=draw(st.sampled_from(("", "fr", "en"))),
        accession=draw(words),
        placer_order=draw(words),
        filler_order=draw(words),
        key_series=tuple(draw(st.lists(uids, max_size=2))),
    )


REQUEST = Request(
    id=RequestId("2.25.1"),
    hub=HUB,
    carrier=Carrier.WORK_ITEM,
    severity=Severity.IMMEDIATE,
    urgency=Urgency.HIGH,
    deadline=datetime(2026, 11, 22, 9, tzinfo=UTC),
    arrival=datetime(2026, 11, 22, 8, tzinfo=UTC),
    state=RequestState.SCHEDULED,
    question="Hématome sous-dural ?\nUne indication opératoire ?" + " Précisez." * 20,
    clinical="Chute hier, œdème",
    requester=Requester("Lecteur Alpha", "CH de Thiers", "+33 4 73 00 00 00", "10001234567"),
    patient=Patient("DEMO", PersonName("DÉMO", "Une"), issuer_oid=INS_TEST_OID),
    studies=(StudyReference(StudyUID("1.2.3"), HUB),),
)


@unhurried
@given(requests())
def test_a_request_comes_back_from_its_work_item_as_it_was(request: Request) -> None:
    assert work_item_to_request(request_to_work_item(request, ROOTS), HUB, ROOTS) == request


def test_every_element_has_the_type_that_the_standard_gives_it() -> None:
    def walk(item: Mapping[str, Any]) -> None:
        for tag, content in item.items():
            assert content["vr"] == dictionary_VR(int(tag, 16)), keyword_for_tag(int(tag, 16))
            if content["vr"] in ("SH", "LO", "CS"):
                assert all(len(value) <= (64 if content["vr"] == "LO" else 16) for value in content.get("Value", ()))
            for value in content.get("Value", ()) if content["vr"] == "SQ" else ():
                walk(value)

    walk(request_to_work_item(REQUEST, ROOTS))


@pytest.mark.parametrize(
    "keyword",
    [
        "SOPClassUID",
        "ScheduledProcedureStepPriority",
        "ScheduledProcedureStepModificationDateTime",
        "ProcedureStepLabel",
        "WorklistLabel",
        "ScheduledProcedureStepStartDateTime",
        "ScheduledWorkitemCodeSequence",
        "InputReadinessState",
        "InputInformationSequence",
        "PatientName",
        "PatientID",
        "ReferencedRequestSequence",
        "ProcedureStepState",
    ],
)
def test_what_a_hub_requires_at_creation_has_a_value(keyword: str) -> None:
    assert Header(request_to_work_item(REQUEST)).has(keyword)


def test_what_must_be_empty_at_creation_is_present_and_empty() -> None:
    item = request_to_work_item(REQUEST)
    for tag in ("00081195", "00741002", "00741216", "00404034"):
        assert "Value" not in item[tag]


def test_a_bare_work_item_of_another_system_gets_defaults() -> None:
    item = elements([("SOPInstanceUID", element("UI", "1.2")), ("ProcedureStepLabel", element("LO", "Read this"))])
    request = work_item_to_request(item, HUB)
    assert request.severity is Severity.ORDINARY
    assert request.urgency is Urgency.MEDIUM
    assert request.state is RequestState.SCHEDULED
    assert request.question == "Read this"
    assert request.deadline is None
    assert request.studies == ()


def test_other_systems_contacts_deadlines_and_inputs_are_understood() -> None:
    contact = elements([("ContactURI", element("UR", "tel:+3315"))])
    progress = elements([("ProcedureStepCommunicationsURISequence", element("SQ", contact))])
    given_study = elements([("StudyInstanceUID", element("UI", "1.2.3"))])
    item = elements(
        [
            ("SOPInstanceUID", element("UI", "1.2")),
            ("TimezoneOffsetFromUTC", element("SH", "+0100")),
            ("ScheduledProcedureStepExpirationDateTime", element("DT", "20261122090000")),
            ("ProcedureStepProgressInformationSequence", element("SQ", progress)),
            ("InputInformationSequence", element("SQ", given_study)),
        ]
    )
    request = work_item_to_request(item, HUB)
    assert request.requester.telephone == "+3315"
    assert request.deadline == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert [reference.study for reference in request.studies] == ["1.2.3"]


def test_how_many_images_of_each_series_are_to_be_read_is_counted_once() -> None:
    def instances(series: str, *ones: str, sop_class: str = str(CTImageStorage)) -> DicomJson:
        sops = [
            elements(
                [
                    ("ReferencedSOPClassUID", element("UI", sop_class)),
                    ("ReferencedSOPInstanceUID", element("UI", one)),
                ]
            )
            for one in ones
        ]
        return elements(
            [
                ("StudyInstanceUID", element("UI", "1.2.3")),
                ("SeriesInstanceUID", element("UI", series)),
                ("ReferencedSOPSequence", element("SQ", *sops)),
            ]
        )

    inputs = [
        instances("1.2.3.4", "1", "2", "2"),
        instances("1.2.3.4", "2", "3"),
        instances("1.2.3.5", "9", sop_class=str(BasicTextSRStorage)),
    ]
    named = [("StudyInstanceUID", element("UI", "1.2.3"))]
    item = elements(
        [("SOPInstanceUID", element("UI", "1.2")), *named, ("InputInformationSequence", element("SQ", *inputs))]
    )
    (study,) = work_item_to_request(item, HUB).studies
    assert study.counts == (("1.2.3.4", 3),)


@unhurried
@given(st.dictionaries(st.sampled_from(sorted(request_to_work_item(REQUEST))), malformed, max_size=5))
def test_no_malformed_element_breaks_the_reading(broken: DicomJson) -> None:
    item = {**request_to_work_item(REQUEST), **broken, "00080018": element("UI", "1.2.3")}
    assert work_item_to_request(item, HUB).id == "1.2.3"


def test_an_item_without_identity_is_refused() -> None:
    with pytest.raises(MalformedHeader):
        work_item_to_request({}, HUB)


def test_the_holder_is_who_performs_and_since_when() -> None:
    reader = Reader("Lecteur Delta", "10009876543", "CHU")
    item = {
        **request_to_work_item(REQUEST),
        **performer_update(reader, REQUEST.arrival, TransactionUID("2.25.9")),
        "00741000": element("CS", "IN PROGRESS"),
    }
    holder = work_item_to_request(item, HUB).holder
    assert holder is not None
    assert (holder.name, holder.identifier, holder.since) == ("Lecteur Delta", "10009876543", REQUEST.arrival)


def test_a_request_given_back_keeps_its_identity_through_every_new_work_item() -> None:
    again = continued(continued(request_to_work_item(REQUEST), "2.25.2"), "2.25.3")
    request = work_item_to_request(again, HUB)
    assert request == replace(REQUEST, work_item="2.25.3")
    assert request.carrier_uid == "2.25.3"


def test_date_times_keep_their_instant() -> None:
    moment = datetime(2026, 11, 22, 8, 30, 15, 120000, tzinfo=UTC)
    assert date_time(date_time_text(moment)) == moment
    assert date_time("20261122093015.12+0100") == moment
    assert date_time("2026") == datetime(2026, 1, 1, tzinfo=UTC)
    assert date_time("20261322") is None
    assert date_time("20261122", "+0100") == datetime(2026, 11, 22, tzinfo=UTC) - timedelta(hours=1)
