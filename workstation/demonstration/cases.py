"""The demonstration requests as the resources describe them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation import resources
from workstation.domain.identifiers import HubName, RequestId
from workstation.domain.patient import Patient, PersonName
from workstation.domain.request import Carrier, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import InstanceReference, StudyReference

_FOLDER = "demonstration"
BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"


@dataclass(frozen=True, slots=True)
class FirstReport:
    """The first reading of a demonstration case; ``kind`` is ``sr`` or ``pdf``."""

    kind: str
    author: str
    organisation: str
    title: str
    findings: str
    conclusion: str
    reference: InstanceReference
    date: str


@dataclass(frozen=True, slots=True)
class DemonstrationCase:
    """One request, the folders of its studies, and its first report."""

    code: str
    request: Request
    folders: tuple[str, ...]
    first_report: FirstReport


def load_cases(now: datetime, hub: HubName) -> tuple[DemonstrationCase, ...]:
    """Read the cases; their times are relative to ``now``, their identifiers are always the same."""
    table = tomllib.loads(resources.read_text(_FOLDER, "requests.toml"))
    return tuple(_case(entry, table["study"], now, hub) for entry in table["request"])


def study_files(folder: str) -> Iterator[bytes]:
    """Yield the Part 10 files of one study, in the order of their names."""
    yield from _files((_FOLDER, "studies", folder))


def stable_uid(*parts: str) -> str:
    """Return a UID that depends on ``parts`` only. Source: PS3.5 B.2."""
    return f"2.25.{uuid5(NAMESPACE_OID, '/'.join(('requis-demonstration', *parts))).int}"


def _files(path: tuple[str, ...]) -> Iterator[bytes]:
    for name in resources.names(*path):
        if name.endswith(".dcm"):
            yield resources.read_bytes(*path, name)
        elif "." not in name:
            yield from _files((*path, name))


def _case(entry: Mapping[str, Any], studies: Mapping[str, Any], now: datetime, hub: HubName) -> DemonstrationCase:
    folders = (str(entry["study"]), *(str(folder) for folder in entry.get("priors", ())))
    references = tuple(StudyReference(StudyUID(studies[folder]["uid"]), hub) for folder in folders)
    study = studies[folders[0]]
    report = _first_report(entry, references[0].study, now)
    request = Request(
        id=RequestId(stable_uid("request", entry["code"])),
        hub=hub,
        carrier=Carrier.WORK_ITEM,
        severity=Severity(entry["severity"]),
        urgency=Urgency[entry["urgency"]],
        deadline=now + timedelta(minutes=entry["deadline"]),
        arrival=now + timedelta(minutes=entry["arrived"]),
        state=RequestState.SCHEDULED,
        question=entry["question"],
        clinical=entry["clinical"],
        requester=Requester(**entry["requester"]),
        patient=Patient(study["patient_id"], PersonName.parse(study["patient_name"]), sex=study["patient_sex"]),
        studies=references[:1],
        priors=references[1:],
        first_reports=(report.reference,),
        modality=entry["modality"],
        region=entry["region"],
        specialty=entry["specialty"],
        language=entry["language"],
    )
    return DemonstrationCase(entry["code"], request, folders, report)


def _first_report(entry: Mapping[str, Any], study: StudyUID, now: datetime) -> FirstReport:
    code, content = entry["code"], entry["first_report"]
    sop_class = BASIC_TEXT_SR if content["kind"] == "sr" else ENCAPSULATED_PDF
    reference = InstanceReference(
        study,
        SeriesUID(stable_uid("first-report-series", code)),
        InstanceUID(stable_uid("first-report", code)),
        sop_class,
    )
    date = (now + timedelta(minutes=entry["arrived"])).strftime("%Y%m%d")
    texts = {key: str(content[key]) for key in ("kind", "author", "organisation", "title", "findings", "conclusion")}
    return FirstReport(**texts, reference=reference, date=date)
