"""A real encrypted store, real workers, and two kinds of real hub that hold one series."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support import faults
from tests.support.fault_proxy import Spoil
from tests.support.instances import store
from tests.support.running_hubs import running_hub
from tests.workstation.retrieval.conftest import desk, pool
from tests.workstation.retrieval.desk import series_of, slice_of
from viewers.identifiers import SeriesUID, StudyUID

__all__ = ["desk", "pool"]
COUNT = 12
# Another study of the same person, of two series.
PAIR, FIRST, SECOND = StudyUID("1.2.5"), SeriesUID("1.2.5.1"), SeriesUID("1.2.5.2")
EACH = 8
# What Orthanc calls the instances of a series, beside its DICOMweb root.
INDEX = r"^/series/[0-9a-f-]{44}$"


def without_index() -> Spoil:
    """Return what makes a hub one of which only DICOMweb is open, as behind most gateways."""
    return Spoil([faults.instead(faults.Reply(404))], path=INDEX)


@dataclass(frozen=True, slots=True)
class RealHub:
    """A running hub and the objects that it holds, as they were stored."""

    url: str
    part10s: tuple[bytes, ...]


@pytest.fixture(scope="session", params=["embedded", pytest.param("orthanc", marks=pytest.mark.orthanc)])
def real_hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHub]:
    """One study of a dozen slices and one of two series, read only: a test that stores takes a hub of its own."""
    with running_hub(request.param, tmp_path_factory.mktemp(request.param)) as url:
        part10s = tuple(series_of(COUNT))
        pair = [slice_of(n, series=one, StudyInstanceUID=PAIR) for one in (FIRST, SECOND) for n in range(1, EACH + 1)]
        store(url, *part10s, *pair).raise_for_status()
        yield RealHub(url, part10s)
