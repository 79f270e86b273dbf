import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from pydicom.uid import generate_uid

from tests.support.instances import STORE_TYPE, make_instance, packaged, store, store_body
from workstation.embedded_hub.running import RunningHub

REAL_FILES = [
    "CT_small.dcm",
    "MR_small.dcm",
    "JPEG2000.dcm",
    "MR_small_RLE.dcm",
    "MR_small_bigendian.dcm",
    "image_dfl.dcm",
    "liver_1frame.dcm",
    "rtdose.dcm",
    "SC_rgb_small_odd.dcm",
    "reportsi.dcm",
]


def retrieve_all(url: str) -> list[bytes]:
    """Return all instances of a hub, each on its own."""
    found = requests.get(f"{url}/instances", timeout=30).json()
    urls = [match["00081190"]["Value"][0] for match in found]
    return [requests.get(one, headers={"Accept": "application/dicom"}, timeout=30).content for one in urls]


def folders_are_empty(hub: str, data: Path) -> bool:
    """Whether a hub holds nothing at all."""
    files = [path for path in data.rglob("*") if path.suffix in (".dcm", ".part")]
    return not files and requests.get(f"{hub}/instances", timeout=30).json() == []


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold within half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("name", REAL_FILES)
def test_an_instance_comes_back_byte_for_byte(hub: str, name: str) -> None:
    answer = store(hub, packaged(name))
    assert answer.status_code == 200, answer.text
    assert retrieve_all(hub) == [packaged(name)]


def test_the_answer_names_what_was_stored_and_where(hub: str) -> None:
    study, instance = generate_uid(), generate_uid()
    answer = store(hub, make_instance(StudyInstanceUID=study, SOPInstanceUID=instance), study=study)
    assert answer.headers["content-type"] == "application/dicom+json"
    report = answer.json()
    assert report["00081190"]["Value"] == [f"{hub}/studies/{study}"]
    (reference,) = report["00081199"]["Value"]
    assert reference["00081155"]["Value"] == [instance]
    assert requests.get(reference["00081190"]["Value"][0], timeout=30).status_code == 200


def test_the_same_bytes_again_are_a_success_and_kept_once(hub: str) -> None:
    part10 = make_instance()
    assert [store(hub, part10).status_code, store(hub, part10).status_code] == [200, 200]
    assert retrieve_all(hub) == [part10]


def test_other_bytes_under_the_same_uid_are_refused_and_the_first_are_kept(hub: str) -> None:
    instance, study, series = generate_uid(), generate_uid(), generate_uid()
    uids = {"SOPInstanceUID": instance, "StudyInstanceUID": study, "SeriesInstanceUID": series}
    first, second = make_instance(PatientID="A", **uids), make_instance(PatientID="B", **uids)
    store(hub, first)
    answer = store(hub, second)
    assert answer.status_code == 409
    assert answer.json()["00081198"]["Value"][0]["00081197"]["Value"] == [0x0111]
    assert retrieve_all(hub) == [first]


def test_a_partly_good_body_is_stored_in_part_and_says_so(hub: str) -> None:
    good = make_instance()
    answer = store(hub, good, b"this is no DICOM file")
    assert answer.status_code == 202
    assert len(answer.json()["00081199"]["Value"]) == 1
    assert answer.json()["0008119A"]["Value"][0]["00081197"]["Value"] == [0xC000]
    assert retrieve_all(hub) == [good]


def test_an_instance_of_another_study_is_refused(hub: str) -> None:
    answer = store(hub, make_instance(), study="1.2.3")
    assert answer.status_code == 409
    assert answer.json()["00081198"]["Value"][0]["00081197"]["Value"] == [0xA900]
    assert retrieve_all(hub) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(store_body(make_instance())[: -len("--split--\r\n")], id="no closing boundary"),
        pytest.param(store_body(make_instance())[:700], id="cut inside the part"),
        pytest.param(store_body(make_instance(), make_instance())[:-20], id="cut inside the second part"),
        pytest.param(b"", id="empty"),
        pytest.param(b"--split--\r\n", id="no part"),
        pytest.param(b"--split\r\nno colon in this header\r\n\r\nbody\r\n--split--\r\n", id="broken part header"),
        pytest.param(b"\x00" * 5000, id="noise"),
    ],
)
def test_a_malformed_body_is_refused_and_leaves_nothing_behind(hub: str, tmp_path: Path, body: bytes) -> None:
    answer = requests.post(f"{hub}/studies", data=body, headers={"Content-Type": STORE_TYPE}, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert folders_are_empty(hub, tmp_path / "hub")


@pytest.mark.parametrize(
    "content_type",
    ["", "application/dicom", "text/plain", 'multipart/related; type="application/dicom+json"; boundary=split'],
)
def test_another_type_of_body_is_refused(hub: str, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = requests.post(f"{hub}/studies", data=store_body(make_instance()), headers=headers, timeout=30)
    assert answer.status_code == 415


def test_a_body_whose_type_names_no_boundary_is_refused(hub: str) -> None:
    content_type = 'multipart/related; type="application/dicom"'
    answer = requests.post(f"{hub}/studies", data=b"x", headers={"Content-Type": content_type}, timeout=30)
    assert answer.status_code == 400


def test_a_client_that_goes_away_in_the_middle_leaves_nothing_behind(hub: str, tmp_path: Path) -> None:
    address = urlsplit(hub)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=10)
    connection.putrequest("POST", f"{address.path}/studies")
    connection.putheader("Content-Type", STORE_TYPE)
    connection.putheader("Content-Length", "1000000")
    connection.endheaders(store_body(make_instance()))
    assert eventually(lambda: not folders_are_empty(hub, tmp_path / "hub")), "the part was never staged"
    connection.close()
    assert eventually(lambda: folders_are_empty(hub, tmp_path / "hub"))


def test_a_body_above_the_limit_is_refused_by_its_declared_length(hub: str) -> None:
    address = urlsplit(hub)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=10)
    connection.putrequest("POST", f"{address.path}/studies")
    connection.putheader("Content-Type", STORE_TYPE)
    connection.putheader("Content-Length", str(3 * 1024**3))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_twenty_clients_store_at_once_and_nothing_is_lost(hub: str) -> None:
    study = generate_uid()
    bodies = [[make_instance(StudyInstanceUID=study, InstanceNumber=n) for n in range(4)] for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda batch: store(hub, *batch).status_code, bodies))
    assert answers == [200] * 20
    sent = sorted(part10 for batch in bodies for part10 in batch)
    assert sorted(retrieve_all(hub)) == sent


def test_of_twenty_versions_of_one_instance_sent_at_once_exactly_one_is_kept(hub: str) -> None:
    uids = {"SOPInstanceUID": generate_uid(), "StudyInstanceUID": "1.2", "SeriesInstanceUID": "1.3"}
    versions = [make_instance(PatientID=f"P{n}", **uids) for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda version: store(hub, version).status_code, versions))
    assert sorted(answers) == [200] + [409] * 19
    assert retrieve_all(hub) == [versions[answers.index(200)]]


def test_what_is_stored_survives_a_restart(tmp_path: Path) -> None:
    part10 = make_instance()
    with RunningHub(tmp_path) as first:
        store(first.url, part10)
    with RunningHub(tmp_path) as second:
        assert retrieve_all(second.url) == [part10]


def test_no_identifier_becomes_part_of_a_file_name(hub: str, tmp_path: Path) -> None:
    instance = generate_uid()
    store(hub, make_instance(SOPInstanceUID=instance, PatientID="ZORRO"))
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")]
    assert not [name for name in names if instance in name or "ZORRO" in name]


@pytest.mark.parametrize("uid", ["../../etc/passwd", "1.2.3/../4", "", "abc", "1" * 65])
def test_an_instance_with_a_malformed_uid_is_not_kept(hub: str, tmp_path: Path, uid: str) -> None:
    broken = _with_instance_uid(make_instance(), uid)
    assert store(hub, broken).status_code == 409
    assert folders_are_empty(hub, tmp_path / "hub")


def _with_instance_uid(part10: bytes, uid: str) -> bytes:
    """Return the file with another SOP Instance UID in its data set."""
    raw = uid.encode()
    raw += b"\0" * (len(raw) % 2)
    start = part10.index(b"\x08\x00\x18\x00UI")
    length = int.from_bytes(part10[start + 6 : start + 8], "little")
    element = b"\x08\x00\x18\x00UI" + len(raw).to_bytes(2, "little") + raw
    return part10[:start] + element + part10[start + 8 + length :]
