"""A study, a token and passphrases that can be recognised anywhere, and the search for them in whatever was left."""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from tests.support.hub_clients import client_of
from tests.support.placed_requests import demonstration_case
from viewers.identifiers import StudyUID
from workstation.demonstration.cases import study_files
from workstation.domain.identifiers import RequestId, new_uid
from workstation.domain.patient import Patient, PersonName
from workstation.domain.request import Request
from workstation.domain.study import StudyReference

MARK, ACCENTED = "QXCANARIX", "ÉQXçANARIÜ"
TOKEN, PASSPHRASE, OWN = "QXTOKENIX-4711", "QXPHRASIX and four more words", "QXSIGNIX for signing only"
SECRETS = (MARK, ACCENTED, TOKEN, PASSPHRASE, OWN, "QXPHRASIX", "QXSIGNIX")
SLICES = 6
_NAMED = (
    "PatientBirthName", "OtherPatientNames", "PatientMotherBirthName", "ReferringPhysicianName",
    "PerformingPhysicianName", "OperatorsName", "NameOfPhysiciansReadingStudy",
)  # fmt: skip
_WORDED = (
    "InstitutionName", "InstitutionalDepartmentName", "StudyDescription", "SeriesDescription", "ProtocolName",
    "PatientAddress", "MilitaryRank", "RequestedProcedureDescription",
)  # fmt: skip
_LONG = ("PatientComments", "ImageComments", "AdditionalPatientHistory", "DerivationDescription", "StudyComments")
_SHORT = ("AccessionNumber", "StudyID", "PerformedProcedureStepID", "StationName", "PatientTelephoneNumbers")
_PRIVATE = 0x0009


def marked_study(study: str) -> tuple[bytes, ...]:
    """Return slices of a shipped study under another identity, with the marks in every text of theirs."""
    series = generate_uid()
    return tuple(_marked(part10, study, series) for part10 in list(study_files("head-ct"))[:SLICES])


def _marked(part10: bytes, study: str, series: str) -> bytes:
    dataset = pydicom.dcmread(BytesIO(part10))
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, series
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.PatientName, dataset.PatientID = f"TEST^{MARK}^{ACCENTED}", f"{MARK}-1"
    for keyword in _NAMED:
        setattr(dataset, keyword, f"TEST^{ACCENTED}^{MARK}")
    for keyword in (*_WORDED, *_LONG):
        setattr(dataset, keyword, f"{MARK} {ACCENTED}")
    for keyword in _SHORT:
        setattr(dataset, keyword, MARK)
    block = dataset.private_block(_PRIVATE, MARK, create=True)
    block.add_new(0x01, "LO", f"{MARK} {ACCENTED}")
    block.add_new(0x02, "UN", f"{MARK} ".encode())
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = MARK, "99TEST", ACCENTED
    dataset.ProcedureCodeSequence = [code]
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def place_marked(url: str) -> Request:
    """Store the marked study on a hub, and place a marked request for it."""
    study = generate_uid()
    like = demonstration_case("head-stroke").request
    request = replace(
        like,
        id=RequestId(new_uid()),
        question=f"{MARK} {ACCENTED} ?",
        clinical=f"{MARK} {ACCENTED}",
        requester=replace(like.requester, name=f"TEST^{MARK}"),
        patient=Patient(f"{MARK}-1", PersonName("TEST", MARK, ACCENTED)),
        studies=(StudyReference(StudyUID(study), like.hub),),
        priors=(),
        first_reports=(),
    )
    with client_of(url) as client:
        assert not client.store(list(marked_study(study))).failed
        client.place(request)
    return request


@dataclass(frozen=True)
class Needle:
    """A secret in one of the forms in which it may lie about."""

    secret: str
    form: str
    content: bytes


def needles() -> tuple[Needle, ...]:
    """Return every secret in every form."""
    return tuple(Needle(secret, form, content) for secret in SECRETS for form, content in _forms(secret))


def _forms(secret: str) -> Iterator[tuple[str, bytes]]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        yield encoding, secret.encode(encoding)
    yield "percent", quote(secret).encode()
    yield "escaped", secret.encode("unicode_escape")
    yield "hex", secret.encode().hex().encode()
    for shift in range(3):
        # Of each alignment the letters that depend on nothing but the secret.
        whole = base64.b64encode(b"\0" * shift + secret.encode())
        inner = whole[4 if shift else 0 :].rstrip(b"=")[:-1]
        yield f"base64+{shift}", inner
        yield f"base64url+{shift}", inner.replace(b"+", b"-").replace(b"/", b"_")


def found_in(content: bytes) -> set[str]:
    """Return which secrets can be found in some bytes, and in which form."""
    return {f"{one.secret} as {one.form}" for one in needles() if one.content in content}


def found_below(folders: Iterable[Path]) -> list[str]:
    """Return every file, by content or by name, that gives a secret away."""
    paths = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    named = [f"{path}: its name" for path in paths if found_in(str(path).encode())]
    return named + [f"{path}: {what}" for path in paths if path.is_file() for what in found_in(path.read_bytes())]
