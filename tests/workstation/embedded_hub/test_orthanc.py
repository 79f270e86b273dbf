"""Orthanc's own DICOMweb client, written by others, against the embedded hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.instances import CT_STUDY, packaged, store
from tests.support.orthanc import RunningOrthanc

pytestmark = pytest.mark.orthanc


@pytest.fixture
def orthanc(hub: str, tmp_path: Path) -> Iterator[RunningOrthanc]:
    with RunningOrthanc(tmp_path / "orthanc", dicomweb={"Servers": {"hub": {"Url": f"{hub}/"}}}) as running:
        yield running


def test_orthanc_searches_the_hub(hub: str, orthanc: RunningOrthanc) -> None:
    store(hub, packaged("CT_small.dcm"))
    found = requests.post(
        f"{orthanc.dicomweb_url}/servers/hub/qido",
        json={"Uri": "/studies", "Arguments": {"00100020": "1CT1"}},
        timeout=60,
    )
    assert found.status_code == 200
    assert [study["0020000D"]["Value"] for study in found.json()] == [CT_STUDY]


def test_orthanc_finds_nothing_without_an_error(orthanc: RunningOrthanc) -> None:
    found = requests.post(
        f"{orthanc.dicomweb_url}/servers/hub/qido", json={"Uri": "/studies", "Arguments": {}}, timeout=60
    )
    assert (found.status_code, found.json()) == (200, [])


def test_orthanc_retrieves_a_study_from_the_hub(hub: str, orthanc: RunningOrthanc) -> None:
    store(hub, packaged("CT_small.dcm"))
    answer = requests.post(
        f"{orthanc.dicomweb_url}/servers/hub/retrieve", json={"Resources": [{"Study": CT_STUDY}]}, timeout=60
    )
    assert answer.status_code == 200, answer.text
    (instance,) = requests.get(f"{orthanc.url}/instances", timeout=60).json()
    kept = requests.get(f"{orthanc.url}/instances/{instance}/file", timeout=60).content
    assert kept == packaged("CT_small.dcm")


def test_orthanc_stores_a_study_into_the_hub(hub: str, orthanc: RunningOrthanc) -> None:
    uploaded = requests.post(f"{orthanc.url}/instances", data=packaged("CT_small.dcm"), timeout=60).json()
    answer = requests.post(f"{orthanc.dicomweb_url}/servers/hub/stow", json={"Resources": [uploaded["ID"]]}, timeout=60)
    assert answer.status_code == 200, answer.text
    (found,) = requests.get(f"{hub}/instances", timeout=60).json()
    kept = requests.get(
        found["00081190"]["Value"][0], headers={"Accept": "application/dicom; transfer-syntax=*"}, timeout=60
    )
    assert kept.content == packaged("CT_small.dcm")
