"""A request answered by the command line alone, on the embedded hub and on Orthanc: what it prints, what arrived.

What arrived is fetched without any code of ours, and brought before programs that nobody here wrote.
"""

import re
from pathlib import Path

import pytest
import requests

from tests.e2e.answered import Answered
from tests.e2e.opinions import CONCLUSION, LABEL
from tests.support.hub_clients import client_of
from tests.support.reports import READER
from tests.support.validators import SIGNATURE_DAMAGED, judge, signature_status, signatures_of, unexplained
from workstation.domain.clock import system_clock
from workstation.domain.delivery import PUSH_ORDER, ObjectRole
from workstation.domain.request import RequestState
from workstation.signing.demonstration import make_identity

pytestmark = pytest.mark.e2e
validated = pytest.mark.validators
roles = pytest.mark.parametrize("role", list(ObjectRole))


def test_the_request_waits_in_the_queue(answered: Answered) -> None:
    (waiting,) = [one for one in answered.documents["queue"]["requests"] if one["id"] == answered.request.id]
    assert (waiting["state"], waiting["holder"]) == ("SCHEDULED", None)
    assert waiting["studies"] == [answered.slices.study]


def test_claiming_names_the_holder(answered: Answered) -> None:
    claimed = answered.documents["claim"]["request"]
    assert claimed["state"] == "IN PROGRESS"
    assert "LECTÈUR" in claimed["holder"]


def test_every_slice_is_received(answered: Answered) -> None:
    pulled = answered.documents["pull"]
    assert pulled["study"] == answered.slices.study
    (images,) = [one for one in pulled["series"] if one["uid"] == answered.slices.series]
    assert (images["received"], images["refused"]) == (len(answered.slices.headers), [])


def test_nothing_is_missing_from_the_report(answered: Answered) -> None:
    assert answered.documents["report"]["missing"] == []


def test_the_objects_are_signed_in_the_order_in_which_they_are_sent(answered: Answered) -> None:
    signed = [one["sop_instance_uid"] for one in answered.documents["sign"]["objects"]]
    assert list(answered.sent) == [role.value for role in PUSH_ORDER]
    assert [one["object"] for one in answered.documents["send"]["deliveries"]] == signed


def test_every_object_is_sent_and_read_back(answered: Answered) -> None:
    assert {one["state"] for one in answered.documents["send"]["deliveries"]} == {"sent"}
    for delivery in answered.documents["send"]["deliveries"]:
        assert [step["step"] for step in delivery["steps"]] == ["queued", "stored", "read_back"]


def test_what_the_hub_holds_is_valid(answered: Answered) -> None:
    verdicts = answered.documents["verify"]["objects"]
    assert {one["sop_instance_uid"] for one in verdicts} >= set(answered.sent.values())
    assert all(one["valid"] for one in verdicts)


def test_the_request_ends_completed(answered: Answered) -> None:
    with client_of(answered.url) as client:
        states = {one.id: one.state for one in client.requests(tuple(RequestState))}
    assert states[answered.request.id] is RequestState.COMPLETED


def test_the_work_item_names_every_object_that_answers_it(answered: Answered) -> None:
    listed = requests.get(f"{answered.url}/workitems", timeout=30)
    if listed.status_code != 200:
        # Orthanc has no work items: a status report of our own names the answers there.
        assert answered.documents["queue"]["requests"][0]["carrier"] == "request_sr"
        return
    (item,) = [one for one in listed.json() if one["00080018"]["Value"] == [answered.request.id]]
    item = requests.get(
        f"{answered.url}/workitems/{answered.request.id}", headers={"Accept": "application/dicom+json"}, timeout=30
    ).json()
    (item,) = item if isinstance(item, list) else [item]
    assert item["00741000"]["Value"] == ["COMPLETED"]
    text = str(item["00741216"])
    assert all(instance in text for instance in answered.sent.values())


def arrived(answered: Answered, role: ObjectRole, folder: Path) -> Path:
    path = folder / f"{role.value}.dcm"
    path.write_bytes(answered.fetch(role.value))
    return path


def document_of(path: Path) -> Path:
    pdf = path.with_suffix(".pdf")
    assert judge("dcm2pdf", path, pdf).returncode == 0
    return pdf


def changed(path: Path, before: bytes, after: bytes) -> Path:
    """Write a copy that differs in one place."""
    content = path.read_bytes()
    assert content.count(before) >= 1
    assert len(before) == len(after)
    forged = path.with_name(f"forged-{path.name}")
    forged.write_bytes(content.replace(before, after, 1))
    return forged


@validated
@roles
def test_dicom3tools_finds_no_error_and_only_explained_warnings(
    answered: Answered, role: ObjectRole, tmp_path: Path
) -> None:
    assert unexplained(arrived(answered, role, tmp_path)) == []


@validated
@roles
def test_the_declared_character_set_is_true(answered: Answered, role: ObjectRole, tmp_path: Path) -> None:
    converted = judge("dcmconv", "+U8", arrived(answered, role, tmp_path), tmp_path / "utf8.dcm")
    assert converted.returncode == 0, converted.stderr


@validated
@roles
def test_the_bytes_are_those_that_were_signed(answered: Answered, role: ObjectRole, tmp_path: Path) -> None:
    (copy,) = [Path(one["path"]) for one in answered.documents["sign"]["objects"] if one["role"] == role.value]
    ours, theirs = copy.read_bytes(), arrived(answered, role, tmp_path).read_bytes()
    assert ours[ours.index(b"\x08\x00\x05\x00CS") :] == theirs[theirs.index(b"\x08\x00\x05\x00CS") :]


@validated
def test_dcmtk_reads_the_report_as_verified_with_every_word(answered: Answered, tmp_path: Path) -> None:
    dump = judge("dsrdump", "+Pl", arrived(answered, ObjectRole.REPORT, tmp_path))
    assert dump.returncode == 0, dump.stderr
    assert re.search(r"Verification Flag\s*: VERIFIED", dump.stdout)
    assert CONCLUSION in dump.stdout
    assert LABEL in dump.stdout


@validated
def test_dcmtk_reads_the_key_images(answered: Answered, tmp_path: Path) -> None:
    dump = judge("dsrdump", "+Pl", arrived(answered, ObjectRole.KEY_IMAGES, tmp_path))
    assert dump.returncode == 0, dump.stderr
    assert "Niveau de l’atteinte" in dump.stdout


@validated
def test_dcmtk_accepts_the_presentation_state(answered: Answered, tmp_path: Path) -> None:
    # dcmpschk exits with 0 whatever it finds.
    checked = judge("dcmpschk", arrived(answered, ObjectRole.PRESENTATION, tmp_path))
    assert "Test passed" in checked.stdout + checked.stderr


@validated
@roles
def test_dcmsign_accepts_the_signature(answered: Answered, role: ObjectRole, tmp_path: Path) -> None:
    policy = "+rs" if role is ObjectRole.REPORT else "+rg"
    assert signature_status(arrived(answered, role, tmp_path), answered.authority, policy) == 0


@validated
def test_pdfsig_finds_the_whole_document_signed(answered: Answered, tmp_path: Path) -> None:
    told = signatures_of(document_of(arrived(answered, ObjectRole.DOCUMENT, tmp_path)))
    assert "Signature is Valid." in told
    assert "Total document signed" in told


@validated
def test_requis_accepts_each_file(answered: Answered, tmp_path: Path) -> None:
    for role in ObjectRole:
        path = arrived(answered, role, tmp_path)
        for verdict in answered.command.json("verify", path)["objects"]:
            assert (verdict["valid"], verdict["integrity"], verdict["coverage"]) == (True, "intact", "complete")


@validated
def test_one_character_of_the_report_changed_is_refused_by_both(answered: Answered, tmp_path: Path) -> None:
    report = arrived(answered, ObjectRole.REPORT, tmp_path)
    forged = changed(report, b"probable \xc3\xa0 90 %", b"probable \xc3\xa0 10 %")
    assert signature_status(forged, answered.authority, "+rs") == SIGNATURE_DAMAGED
    (verdict,) = answered.command.json("verify", forged, status=1)["objects"]
    assert (verdict["valid"], verdict["integrity"]) == (False, "modified")


@validated
def test_one_character_of_the_document_changed_is_refused_by_both(answered: Answered, tmp_path: Path) -> None:
    pdf = document_of(arrived(answered, ObjectRole.DOCUMENT, tmp_path))
    forged = changed(pdf, b"/Lang (fr", b"/Lang (er")
    assert "Signature is Valid." not in signatures_of(forged)
    (verdict,) = answered.command.json("verify", forged, status=1)["objects"]
    assert (verdict["valid"], verdict["integrity"]) == (False, "modified")


@validated
def test_one_character_of_the_document_changed_inside_its_object_is_refused(answered: Answered, tmp_path: Path) -> None:
    forged = changed(arrived(answered, ObjectRole.DOCUMENT, tmp_path), b"/Lang (fr", b"/Lang (er")
    verdicts = answered.command.json("verify", forged, status=1)["objects"]
    assert [one["valid"] for one in verdicts] == [False, False]
    assert signature_status(forged, answered.authority, "+rg") == SIGNATURE_DAMAGED


@validated
def test_another_authority_is_not_trusted(answered: Answered, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes(make_identity(READER, system_clock, "another key").ca_pem)
    report = arrived(answered, ObjectRole.REPORT, tmp_path)
    (verdict,) = answered.command.json("verify", report, "--ca", stranger, status=1)["objects"]
    assert (verdict["valid"], verdict["integrity"]) == (False, "intact")
    (verdict,) = answered.command.json("verify", report, "--ca", answered.authority)["objects"]
    assert verdict["valid"]
