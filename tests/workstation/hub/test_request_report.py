"""Request and status reports as objects of the standard."""

import json
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pydicom
import pytest

from tests.support.hub_clients import client_of, inspect
from tests.support.stub_hub import Exchange, path_of, running_stub
from tests.workstation.hub.test_orthanc_hub import request_for
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.code import Code
from workstation.dicom.header import Header, element, elements
from workstation.domain.identifiers import HubName
from workstation.domain.patient import INS_TEST_OID
from workstation.domain.request import RequestState, Severity
from workstation.domain.study import InstanceReference
from workstation.hub.errors import RequestsIncomplete
from workstation.hub.report_outline import COMPREHENSIVE_SR, Status, StatusKind
from workstation.hub.report_reading import Standing, read_request, read_status, standing_of
from workstation.hub.report_writing import build_request_sr, build_status_sr

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
STUDY = StudyUID("1.2.3")
TEMPLATE = Header(
    elements(
        [
            ("PatientName", element("PN", "ÉSSAI^Zêta")),
            ("PatientID", element("LO", "279035121518989")),
            (
                "IssuerOfPatientIDQualifiersSequence",
                element(
                    "SQ",
                    elements(
                        [
                            ("UniversalEntityID", element("UT", INS_TEST_OID)),
                            ("UniversalEntityIDType", element("CS", "ISO")),
                        ]
                    ),
                ),
            ),
            ("PatientBirthDate", element("DA", "19790301")),
            ("PatientSex", element("CS", "F")),
            ("StudyInstanceUID", element("UI", STUDY)),
            ("StudyDate", element("DA", "20261121")),
            ("StudyTime", element("TM", "101500")),
            ("AccessionNumber", element("SH", "A1")),
        ]
    )
)
OUTPUT = InstanceReference(STUDY, SeriesUID("1.2.3.9"), InstanceUID("1.2.3.9.1"), COMPREHENSIVE_SR)


def status(kind: StatusKind, uid: str, claim: str, at: datetime = NOW, reader: str = "A") -> Status:
    return Status(uid, "1.2.3.4", kind, reader, "1000", at, claim)


def reports() -> dict[str, bytes]:
    answered = Status(
        "1.2.3.5", "1.2.3.4", StatusKind.ANSWERED, "Lecteur Alpha", "1000", NOW, "1.2.3.6", None, "n", (OUTPUT,)
    )
    reason = Code("110531", "DCM", "Insufficient quality for interpretation")
    declined = Status("1.2.3.7", "1.2.3.4", StatusKind.DECLINED, "Lecteur Alpha", "1000", NOW, "1.2.3.6", reason, "é")
    return {
        "request": build_request_sr(request_for(STUDY), TEMPLATE, NOW),
        "answered": build_status_sr(answered, TEMPLATE),
        "declined": build_status_sr(declined, TEMPLATE),
    }


@pytest.mark.validators
@pytest.mark.parametrize("name", ["request", "answered", "declined"])
def test_dciodvfy_finds_no_error(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report.dcm"
    path.write_bytes(reports()[name])
    checked = subprocess.run(["dciodvfy", "-new", str(path)], capture_output=True, text=True, check=False)
    errors = [line for line in (checked.stdout + checked.stderr).splitlines() if line.startswith("Error")]
    assert errors == []


@pytest.mark.validators
@pytest.mark.parametrize("name", ["request", "answered", "declined"])
def test_another_toolkit_shows_the_whole_report(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report.dcm"
    path.write_bytes(reports()[name])
    shown = subprocess.run(["dsrdump", str(path)], capture_output=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert b"Lecteur Alpha" in shown.stdout or "Hématome".encode() in shown.stdout


def test_a_request_report_keeps_identity_and_accents() -> None:
    dataset = pydicom.dcmread(BytesIO(reports()["request"]))
    assert str(dataset.PatientName) == "ÉSSAI^Zêta"
    assert dataset.StudyInstanceUID == STUDY
    request = read_request(inspect(reports()["request"]), HubName("hub"), Standing(RequestState.SCHEDULED))
    assert request.question == "Hématome ?\nŒdème ?"
    assert request.severity is Severity.IMMEDIATE
    assert request.patient.issuer_oid == INS_TEST_OID


def test_a_status_report_is_read_as_it_was_written() -> None:
    read = read_status(inspect(reports()["answered"]))
    assert read is not None
    assert (read.kind, read.outputs, read.stated_at) == (StatusKind.ANSWERED, (OUTPUT,), NOW)
    declined = read_status(inspect(reports()["declined"]))
    assert declined is not None
    assert declined.reason is not None
    assert declined.reason.value == "110531"


def test_another_systems_request_report_is_read_for_its_text() -> None:
    text = elements([("ValueType", element("CS", "TEXT")), ("TextValue", element("UT", "Fracture ?"))])
    report = Header(elements([("SOPInstanceUID", element("UI", "1.9")), ("ContentSequence", element("SQ", text))]))
    request = read_request(report, HubName("hub"), Standing(RequestState.SCHEDULED))
    assert (request.question, request.severity) == ("Fracture ?", Severity.ORDINARY)


def test_the_lowest_time_then_uid_of_the_open_claims_holds() -> None:
    later = datetime(2026, 11, 22, 9, tzinfo=UTC)
    claims = [
        status(StatusKind.CLAIMED, "1.3", "1.3", later, "late"),
        status(StatusKind.CLAIMED, "1.2", "1.2", NOW, "second"),
        status(StatusKind.CLAIMED, "1.1", "1.1", NOW, "first"),
    ]
    assert standing_of("1.2.3.4", claims, []).claim == "1.1"
    released = [*claims, status(StatusKind.RELEASED, "1.9", "1.1")]
    assert standing_of("1.2.3.4", released, []).claim == "1.2"
    assert standing_of("other", claims, []) == Standing(RequestState.SCHEDULED)


def test_only_the_holder_completes_or_declines() -> None:
    claims = [status(StatusKind.CLAIMED, "1.1", "1.1"), status(StatusKind.COMPLETED, "1.8", "1.7")]
    assert standing_of("1.2.3.4", claims, []).state is RequestState.IN_PROGRESS
    done = [*claims, status(StatusKind.COMPLETED, "1.9", "1.1")]
    assert standing_of("1.2.3.4", done, []).state is RequestState.COMPLETED


@pytest.mark.parametrize("is_honest", [True, False])
def test_a_report_given_in_the_place_of_another_is_no_request(is_honest: bool) -> None:
    asked, other = request_for(STUDY), request_for(STUDY)
    given = build_request_sr(asked if is_honest else other, TEMPLATE, NOW)
    listed = {
        "StudyInstanceUID": STUDY,
        "SeriesInstanceUID": "1.2.3.8",
        "SOPInstanceUID": asked.id,
        "SOPClassUID": COMPREHENSIVE_SR,
    }

    def answer(exchange: Exchange) -> None:
        path = path_of(exchange.seen)
        if path == "/instances" and not exchange.seen.path.endswith("offset=0"):
            exchange.reply(204)
        elif path == "/instances":
            row = elements([(keyword, element("UI", uid)) for keyword, uid in listed.items()])
            exchange.reply(200, json.dumps([row]).encode(), Content_Type="application/dicom+json")
        elif path.endswith(f"/instances/{asked.id}"):
            exchange.reply(200, given, Content_Type="application/dicom")
        else:
            exchange.reply(404)

    with running_stub(answer) as stub, client_of(stub.url) as client:
        if is_honest:
            assert [one.id for one in client.requests()] == [asked.id]
            return
        with pytest.raises(RequestsIncomplete) as incomplete:
            client.requests()
    assert incomplete.value.listed == ()
