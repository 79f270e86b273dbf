from typing import Any

import pytest
import requests
from pydicom.uid import generate_uid

from tests.support.instances import CT_STUDY, make_instance, packaged, store

ALPHA, BRAVO = "1.2.826.0.1.3680043.10.99.1", "1.2.826.0.1.3680043.10.99.2"


def search(hub: str, path: str) -> list[dict[str, Any]]:
    """Return the matches of a search that must succeed."""
    answer = requests.get(f"{hub}{path}", timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/dicom+json"
    found: list[dict[str, Any]] = answer.json()
    return found


def values(matches: list[dict[str, Any]], tag: str) -> list[Any]:
    """Return the first value of an attribute of each match."""
    return [match[tag]["Value"][0] for match in matches]


@pytest.fixture(scope="module")
def filled(lasting_hub: str) -> str:
    """Return a hub with a CT and SR study of one patient and an MR study of another."""
    alpha = {"StudyInstanceUID": ALPHA, "PatientName": "Éssai^Alpha", "PatientID": "A1", "StudyDate": "20260102"}
    series = generate_uid()
    part10s = [make_instance(SeriesInstanceUID=series, InstanceNumber=n, **alpha) for n in range(1, 4)]
    part10s.append(make_instance(Modality="SR", SeriesDescription="Report", **alpha))
    bravo = {"StudyInstanceUID": BRAVO, "PatientName": "Temoin^Bravo", "PatientID": "B1", "StudyDate": "20260315"}
    part10s.append(make_instance(Modality="MR", StudyTime="233000", StudyDescription="Genou", **bravo))
    assert store(lasting_hub, *part10s).status_code == 200
    return lasting_hub


@pytest.mark.parametrize(
    ("question", "studies"),
    [
        ("", [ALPHA, BRAVO]),
        ("PatientID=A1", [ALPHA]),
        ("00100020=A1", [ALPHA]),
        ("00100020=a1", []),
        ("PatientID=?1", [ALPHA, BRAVO]),
        ("PatientName=temoin*", [BRAVO]),
        ("PatientName=*alpha", [ALPHA]),
        ("PatientName=essai&fuzzymatching=true", [ALPHA]),
        ("PatientName=brav%20tem&fuzzymatching=true", [BRAVO]),
        ("PatientName=essai", []),
        ("StudyDate=20260102", [ALPHA]),
        ("StudyDate=20260101-20260131", [ALPHA]),
        ("StudyDate=20260201-", [BRAVO]),
        ("StudyDate=-20260131", [ALPHA]),
        ("StudyTime=23-", [BRAVO]),
        ("StudyTime=0900-1015", [ALPHA]),
        (f"StudyInstanceUID={ALPHA},{BRAVO}", [ALPHA, BRAVO]),
        (f"StudyInstanceUID={BRAVO}", [BRAVO]),
        ("StudyInstanceUID=1.2.3", []),
        ("ModalitiesInStudy=SR", [ALPHA]),
        ("ModalitiesInStudy=MR,SR", [ALPHA, BRAVO]),
        ("StudyDescription=Gen*", [BRAVO]),
        ("Modality=MR", [BRAVO]),
        ("NumberOfStudyRelatedInstances=4", [ALPHA]),
        ("PatientID=A1&StudyDate=20260315", []),
        ("PatientID=", [ALPHA, BRAVO]),
        ("limit=1", [ALPHA]),
        ("limit=1&offset=1", [BRAVO]),
        ("offset=2", []),
        ("limit=0", []),
    ],
)
def test_studies_match_as_the_standard_says(filled: str, question: str, studies: list[str]) -> None:
    assert values(search(filled, f"/studies?{question}"), "0020000D") == studies


def test_a_study_tells_what_it_holds(filled: str) -> None:
    (study,) = search(filled, "/studies?PatientID=A1")
    assert study["00080061"]["Value"] == ["CT", "SR"]
    assert study["00201206"]["Value"] == [2]
    assert study["00201208"]["Value"] == [4]
    assert study["00081190"]["Value"] == [f"{filled}/studies/{ALPHA}"]
    assert study["00100010"]["Value"] == [{"Alphabetic": "Éssai^Alpha"}]
    assert study["00080005"]["Value"] == ["ISO_IR 192"]


def test_the_series_of_a_study_tell_what_they_hold(filled: str) -> None:
    found = search(filled, f"/studies/{ALPHA}/series")
    assert values(found, "00080060") == ["CT", "SR"]
    assert values(found, "00201209") == [3, 1]
    assert "00100010" not in found[0]
    assert values(search(filled, f"/studies/{ALPHA}/series?SeriesDescription=Rep*"), "00080060") == ["SR"]


def test_series_and_instances_are_found_without_their_study(filled: str) -> None:
    found = search(filled, "/series?Modality=MR")
    assert values(found, "0020000D") == [BRAVO]
    assert found[0]["00100020"]["Value"] == ["B1"]
    assert len(search(filled, "/instances")) == 5
    assert len(search(filled, "/instances?PatientID=A1")) == 4
    assert len(search(filled, "/series?PatientName=Temoin^Bravo")) == 1


def test_instances_are_found_within_study_and_series(filled: str) -> None:
    series = values(search(filled, f"/studies/{ALPHA}/series"), "0020000E")[0]
    found = search(filled, f"/studies/{ALPHA}/series/{series}/instances?InstanceNumber=2")
    assert values(found, "00200013") == [2]
    assert len(search(filled, f"/studies/{ALPHA}/instances")) == 4
    assert search(filled, f"/studies/{BRAVO}/series/{series}/instances") == []
    assert found[0]["00280010"]["Value"] == [4]
    assert found[0]["00083002"]["Value"] == ["1.2.840.10008.1.2.1"]


def test_further_attributes_are_returned_on_demand(filled: str) -> None:
    path = f"/studies/{ALPHA}/instances"
    assert "00280101" not in search(filled, path)[0]
    assert "00280101" in search(filled, f"{path}?includefield=BitsStored")[0]
    both = search(filled, f"{path}?includefield=00280101,00280004&includefield=HighBit")[0]
    assert {"00280101", "00280004", "00280102"} <= set(both)
    everything = search(filled, f"{path}?includefield=all")[0]
    assert {"00280101", "00280103", "00100010"} <= set(everything)
    assert "7FE00010" not in everything


def test_nested_attributes_can_be_matched(hub: str) -> None:
    store(hub, packaged("reportsi.dcm"))
    title = search(hub, "/instances?includefield=ConceptNameCodeSequence")[0]["0040A043"]["Value"][0]
    code = title["00080100"]["Value"][0]
    assert len(search(hub, f"/instances?ConceptNameCodeSequence.CodeValue={code}")) == 1
    assert search(hub, "/instances?0040A043.00080100=none") == []


@pytest.mark.parametrize(
    "path",
    [
        "/studies?Nonsense=1",
        "/studies?limit=-1",
        "/studies?limit=many",
        "/studies?offset=1.5",
        "/studies?fuzzymatching=perhaps",
        "/studies?includefield=Nonsense",
        "/studies?0010=1",
        "/studies/abc/series",
        "/studies/1.2.3/series/..5/instances",
        f"/studies/{'1' * 65}/series",
        "/studies?PatientID=" + "*" * 20_000,
    ],
)
def test_a_malformed_search_is_refused_with_a_sentence(lasting_hub: str, path: str) -> None:
    answer = requests.get(f"{lasting_hub}{path}", timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_a_search_that_accepts_no_json_is_refused(hub: str) -> None:
    assert requests.get(f"{hub}/studies", headers={"Accept": "text/html"}, timeout=30).status_code == 406


def test_a_client_that_accepts_plain_json_gets_it(hub: str) -> None:
    answer = requests.get(f"{hub}/studies", headers={"Accept": "application/json"}, timeout=30)
    assert answer.headers["content-type"] == "application/json"


def test_a_page_never_overlaps_the_next(hub: str) -> None:
    store(hub, packaged("CT_small.dcm"), *(make_instance() for _ in range(6)))
    pages = [values(search(hub, f"/studies?limit=3&offset={offset}"), "0020000D") for offset in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({uid for page in pages for uid in page}) == 7
    assert pages[0][0] == CT_STUDY
