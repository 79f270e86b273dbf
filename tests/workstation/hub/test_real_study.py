"""A real series through a real hub: the bytes come back as they were stored."""

from hashlib import sha256

import pytest

from tests.support.hub_clients import client_of, inspect
from tests.support.shared_data import shared_data_root
from workstation.hub.protocol import StudyQuery

FOLDER = "prior_pair_ct_acrin_flt/19600104/CT_S0002"


@pytest.mark.orthanc
@pytest.mark.shared_data
def test_a_real_series_comes_back_byte_for_byte(orthanc: str) -> None:
    files = sorted((shared_data_root() / FOLDER).glob("*"))
    stored = [path.read_bytes() for path in files]
    with client_of(orthanc) as client:
        outcome = client.store(stored)
        assert len(outcome.stored) == len(files)
        header = inspect(stored[0])
        study = client.search_studies(StudyQuery(study=header.uid("StudyInstanceUID")))[0]
        series = client.search_series(study.uid)[0]
        assert (study.instances, series.instances) == (len(files), len(files))
        received = list(client.retrieve_series(study.uid, series.uid))
    assert {sha256(part10).digest() for part10 in received} == {sha256(part10).digest() for part10 in stored}
