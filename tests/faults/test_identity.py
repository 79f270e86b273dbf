"""Nobody else's images (N5, N6, S1): five identifiers altered on three ways in, and objects that nobody asked for."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pydicom
import pytest

from tests.faults.conftest import COUNT, RealHub, without_index
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.hub_clients import client_of
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk
from workstation.errors import WorkstationError
from workstation.reading.arriving import Arriving
from workstation.retrieval.errors import SomeoneElsesImages

OTHER = "1.2.3.4.777"
ALTERATIONS = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "meta")
TAGS = {
    "PatientID": "00100020",
    "StudyInstanceUID": "0020000D",
    "SeriesInstanceUID": "0020000E",
    "SOPInstanceUID": "00080018",
}
WADO = r"/series/[\d.]+(/instances/[\d.]+)?$"


def altered(name: str) -> Callable[[bytes], bytes]:
    """Return the change of one identifier in an object; ``meta`` is the one in the file meta information alone."""

    def change(part10: bytes) -> bytes:
        dataset = pydicom.dcmread(BytesIO(part10))
        if name == "meta":
            uid = str(dataset.SOPInstanceUID).encode()
            return part10.replace(uid, b"2" + uid[1:], 1)
        setattr(dataset, name, OTHER)
        if name == "SOPInstanceUID":
            dataset.file_meta.MediaStorageSOPInstanceUID = OTHER
        stream = BytesIO()
        dataset.save_as(stream, enforce_file_format=True)
        return stream.getvalue()

    return change


def listed_as(name: str) -> faults.Fault:
    """Return the change of one identifier in the last item of a list."""

    def change(reply: faults.Reply, chance: faults.Chance) -> faults.Reply:
        items = json.loads(reply.body or b"[]")
        if items and TAGS[name] in items[-1]:
            items[-1][TAGS[name]]["Value"] = [OTHER]
        return replace(reply, body=json.dumps(items).encode())

    return change


@pytest.mark.parametrize("name", ALTERATIONS)
def test_n6_one_altered_object_stops_the_study_and_nothing_of_it_is_kept(
    desk: Desk, real_hub: RealHub, name: str
) -> None:
    spoil = Spoil([faults.altered(altered(name))], path=WADO)
    with FaultProxy(real_hub.url, [spoil]) as proxy, client_of(proxy.url) as client, pytest.raises(SomeoneElsesImages):
        desk.retrieval.pull(client, STUDY)
    assert desk.is_empty()
    assert desk.strangers == [STUDY]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("PatientID", r"/studies\?"),
        ("StudyInstanceUID", r"/studies\?"),
        ("StudyInstanceUID", r"/series\?"),
        ("StudyInstanceUID", r"/instances\?"),
        ("SeriesInstanceUID", r"/instances\?"),
    ],
)
def test_n6_a_list_that_speaks_of_another_stops_the_study(desk: Desk, real_hub: RealHub, name: str, path: str) -> None:
    with (
        FaultProxy(real_hub.url, [Spoil([listed_as(name)], path=path), without_index()]) as proxy,
        client_of(proxy.url) as client,
        pytest.raises(SomeoneElsesImages),
    ):
        desk.retrieval.pull(client, STUDY)
    assert desk.is_empty()
    assert desk.strangers == [STUDY]


def test_n6_a_series_that_the_hub_lists_and_does_not_have_brings_nothing(desk: Desk, real_hub: RealHub) -> None:
    spoil = Spoil([listed_as("SeriesInstanceUID")], path=r"/series\?")
    with FaultProxy(real_hub.url, [spoil]) as proxy, client_of(proxy.url) as client, pytest.raises(WorkstationError):
        desk.retrieval.pull(client, STUDY)
    assert desk.is_empty()


def test_n6_an_object_listed_under_another_identifier_is_never_held_and_makes_the_study_incomplete(
    desk: Desk, real_hub: RealHub
) -> None:
    with (
        FaultProxy(
            real_hub.url, [Spoil([listed_as("SOPInstanceUID")], path=r"/instances\?"), without_index()]
        ) as proxy,
        client_of(proxy.url) as client,
    ):
        arriving = Arriving(desk.pool.decode)
        result = desk.retrieval.pull(
            client,
            STUDY,
            lambda progress: arriving.expect(progress.series, progress.expected),
            on_received=arriving.take,
            on_dropped=arriving.drop,
        )
    assert not result.is_complete
    (shown,) = arriving.volumes(SERIES)
    held = {one.reference.instance for one in desk.catalogue.instances(STUDY)}
    assert {one.instance for one in shown.sources} == held
    assert len(held) == COUNT - 1
    assert not shown.is_complete
    assert not arriving.is_whole(SERIES)
    assert OTHER not in {one.reference.instance for one in desk.catalogue.instances(STUDY)}
    assert {desk.objects.get(one.reference.instance) for one in desk.catalogue.instances(STUDY)} <= set(
        real_hub.part10s
    )


@pytest.mark.parametrize("name", ALTERATIONS)
def test_n6_an_altered_copy_from_a_file_changes_nothing_of_what_is_held(
    desk: Desk, real_hub: RealHub, name: str, tmp_path: Path
) -> None:
    with client_of(real_hub.url) as client:
        assert desk.retrieval.pull(client, STUDY).is_complete
    file = tmp_path / "copy.dcm"
    file.write_bytes(altered(name)(real_hub.part10s[4]))
    imported = desk.importer.import_paths([file])
    assert not imported.is_complete
    assert len(imported.refused) == 1
    assert bool(desk.strangers) == (name == "PatientID")
    held = desk.catalogue.instances(STUDY, SERIES)
    assert {desk.objects.get(one.reference.instance) for one in held} == set(real_hub.part10s)
    assert [study.uid for study in desk.catalogue.studies()] == [STUDY]


def test_n6_a_study_held_as_another_patients_is_not_fetched(desk: Desk, real_hub: RealHub) -> None:
    with client_of(real_hub.url) as client:
        desk.retrieval.pull(client, STUDY)
    with (
        FaultProxy(real_hub.url, [Spoil([listed_as("PatientID")], path=r"/studies\?")]) as proxy,
        client_of(proxy.url) as client,
        pytest.raises(SomeoneElsesImages),
    ):
        desk.retrieval.pull(client, STUDY)
    assert len(desk.catalogue.instances(STUDY)) == COUNT


def test_n5_an_object_that_the_hub_does_not_list_is_dropped_and_told(desk: Desk, real_hub: RealHub) -> None:
    with (
        FaultProxy(real_hub.url, [Spoil([faults.extra], path=rf"/series/{SERIES}$")]) as proxy,
        client_of(proxy.url) as client,
    ):
        result = desk.retrieval.pull(client, STUDY)
    (series,) = result.series
    assert result.is_complete
    assert (series.received, len(series.unlisted)) == (COUNT, 1)
    assert series.to_json()["unlisted"] == list(series.unlisted)
    assert {desk.objects.get(one.reference.instance) for one in desk.catalogue.instances(STUDY)} == set(
        real_hub.part10s
    )
    assert not desk.objects.has(series.unlisted[0])
