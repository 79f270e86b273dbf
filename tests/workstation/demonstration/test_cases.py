"""The demonstration cases tell the truth about the files that are shipped."""

import io
import tomllib
from datetime import UTC, datetime

import pytest
from pydicom import dcmread

from workstation import resources
from workstation.demonstration.cases import DemonstrationCase, load_cases, study_files
from workstation.domain.identifiers import HubName
from workstation.domain.request import Severity, reading_order

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
CASES = load_cases(NOW, HubName("demonstration"))
STUDIES = tomllib.loads(resources.read_text("demonstration", "requests.toml"))["study"]


def test_there_are_five_requests_or_more_in_both_languages() -> None:
    assert len(CASES) >= 5
    assert {case.request.language for case in CASES} == {"fr", "en"}
    assert {case.first_report.kind for case in CASES} == {"sr", "pdf"}


def test_the_immediate_one_comes_first() -> None:
    ordered = reading_order(tuple(case.request for case in CASES))
    assert ordered[0].severity is Severity.IMMEDIATE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_case_is_complete(case: DemonstrationCase) -> None:
    request = case.request
    assert request.question.endswith("?") or "state" in request.question
    assert request.clinical
    assert request.requester.telephone.startswith("+33199")
    assert request.deadline is not None
    assert request.deadline > NOW > request.arrival
    assert request.first_reports


@pytest.mark.parametrize("folder", sorted(STUDIES))
def test_the_table_of_studies_agrees_with_the_files(folder: str) -> None:
    files = [dcmread(io.BytesIO(content), stop_before_pixels=True) for content in study_files(folder)]
    stated = STUDIES[folder]
    assert len(files) == stated["instances"]
    assert {file.StudyInstanceUID for file in files} == {stated["uid"]}
    assert {file.PatientID for file in files} == {stated["patient_id"]}
    assert {str(file.PatientName) for file in files} == {stated["patient_name"]}
    assert {file.get("PatientSex") or "" for file in files} == {stated["patient_sex"]}


@pytest.mark.parametrize("folder", sorted(STUDIES))
def test_every_study_names_its_source_and_licence(folder: str) -> None:
    text = resources.read_text("demonstration", "studies", folder, "SOURCE.md")
    assert "Licence: " in text
    assert "Source: " in text


def test_a_volume_of_ninety_slices_has_a_prior() -> None:
    case = next(case for case in CASES if case.request.priors)
    assert [len(list(study_files(folder))) for folder in case.folders] == [99, 90]
