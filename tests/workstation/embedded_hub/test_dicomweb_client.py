"""dicomweb-client, an independent DICOMweb client, against the embedded hub."""

from collections.abc import Iterator
from io import BytesIO

import pytest
import requests
from dicomweb_client.api import DICOMwebClient
from pydicom import dcmread
from pydicom.dataset import Dataset

from tests.support.instances import CT_STUDY, packaged


@pytest.fixture
def client(hub: str) -> Iterator[DICOMwebClient]:
    with requests.Session() as session:
        yield DICOMwebClient(hub, session=session)


@pytest.fixture
def stored(client: DICOMwebClient) -> Dataset:
    """Return the real CT instance that the client has stored."""
    dataset = dcmread(BytesIO(packaged("CT_small.dcm")))
    answer = client.store_instances([dataset])
    assert len(answer.ReferencedSOPSequence) == 1
    return dataset


def test_the_client_searches_at_every_level(client: DICOMwebClient, stored: Dataset) -> None:
    assert client.search_for_studies(search_filters={"PatientID": "nobody"}) == []
    (study,) = client.search_for_studies(search_filters={"PatientID": "1CT1"}, fields=["PatientAge"], limit=1)
    assert Dataset.from_json(study).PatientAge == stored.PatientAge
    (series,) = client.search_for_series(CT_STUDY)
    (instance,) = client.search_for_instances(CT_STUDY, stored.SeriesInstanceUID)
    assert Dataset.from_json(series).Modality == "CT"
    assert Dataset.from_json(instance).SOPInstanceUID == stored.SOPInstanceUID


def test_the_client_retrieves_study_series_and_instance(client: DICOMwebClient, stored: Dataset) -> None:
    uids = (CT_STUDY, stored.SeriesInstanceUID, stored.SOPInstanceUID)
    found = [*client.retrieve_study(uids[0]), *client.retrieve_series(*uids[:2]), client.retrieve_instance(*uids)]
    assert [dataset.PixelData == stored.PixelData for dataset in found] == [True] * 3
    assert found[2].file_meta.TransferSyntaxUID == stored.file_meta.TransferSyntaxUID


def test_the_client_streams_a_series(client: DICOMwebClient, stored: Dataset) -> None:
    (found,) = client.iter_series(CT_STUDY, stored.SeriesInstanceUID)
    assert found == stored


def test_the_client_retrieves_metadata_and_the_bulk_data_they_point_to(client: DICOMwebClient, stored: Dataset) -> None:
    header = client.retrieve_instance_metadata(CT_STUDY, stored.SeriesInstanceUID, stored.SOPInstanceUID)
    (bulk,) = client.retrieve_bulkdata(header["7FE00010"]["BulkDataURI"])
    assert bulk == stored.PixelData
    assert len(client.retrieve_study_metadata(CT_STUDY)) == 1
    assert len(client.retrieve_series_metadata(CT_STUDY, stored.SeriesInstanceUID)) == 1


def test_the_client_retrieves_frames_and_pictures(client: DICOMwebClient, stored: Dataset) -> None:
    uids = (CT_STUDY, stored.SeriesInstanceUID, stored.SOPInstanceUID)
    assert client.retrieve_instance_frames(*uids, [1]) == [stored.PixelData]
    assert client.retrieve_instance_frames_rendered(*uids, [1], media_types=("image/png",))[1:4] == b"PNG"
    assert client.retrieve_instance_rendered(*uids, media_types=("image/jpeg",))[:2] == b"\xff\xd8"
