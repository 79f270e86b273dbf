"""OHIF, the web viewer, reads the embedded hub: its study list, its viewports, without one refused request.

Wanted: Chromium, and ``REQUIS_OHIF_DIST`` naming the ``dist`` folder of the npm package @ohif/app.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.browser import Exchange, Page, browser_page, chromium
from tests.support.hub_clients import client_of
from tests.support.ohif import OhifServer, configuration, ohif_folder, serving
from workstation.demonstration.filling import fill
from workstation.domain.clock import system_clock
from workstation.domain.study import StudySummary
from workstation.embedded_hub.running import RunningHub
from workstation.hub.protocol import StudyQuery

pytestmark = pytest.mark.slow

PATIENCE_S = 90.0
# The list asks for studies; the viewer for series, metadata of each series, and frames.
FRAME = re.compile(r"/instances/[\d.]+/frames/\d+")
BULK = re.compile(r"/instances/[\d.]+/bulkdata/00420011$")
# What the viewer writes below a viewport: image 1 of so many.
OF_SO_MANY = re.compile(r"\(\d+/(\d+)\)")
# A picture of a patient has many greys, an empty viewport one.
FEWEST_GREYS = 40


@dataclass(frozen=True, slots=True)
class Room:
    """A filled hub and the viewer beside it."""

    hub: str
    viewer: str
    studies: tuple[StudySummary, ...]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    chromium()
    server = OhifServer(ohif_folder())
    folder = tmp_path_factory.mktemp("hub")
    with serving(server), RunningHub(folder, allow_origin=server.url) as hub, client_of(hub.url) as client:
        fill(client, system_clock)
        server.configuration = configuration(hub.url)
        yield Room(hub.url, server.url, client.search_studies(StudyQuery()))


@pytest.fixture
def page(tmp_path: Path, room: Room) -> Iterator[Page]:
    with browser_page(tmp_path / "browser") as opened:
        yield opened


def refused(room: Room, page: Page) -> list[Exchange]:
    """What the hub was asked and did not give."""
    return [one for one in page.asked(room.hub) if not 200 <= one.status < 300]


def greys(picture: bytes) -> int:
    """How many levels of grey the viewport has; the words and the frame of the viewer are coloured."""
    pixels = np.asarray(Image.open(BytesIO(picture)).convert("RGB"))
    height, width = pixels.shape[:2]
    viewport = pixels[height // 8 : -height // 10, width // 5 : -width // 20].reshape(-1, 3)
    grey = viewport[viewport.max(axis=1) == viewport.min(axis=1), 0]
    levels, counts = np.unique(grey, return_counts=True)
    return int(np.count_nonzero(counts[levels > 0] > 20))


def frames(room: Room, page: Page) -> set[str]:
    """The frames that were asked for and given."""
    return {one.url for one in page.asked(room.hub) if FRAME.search(one.url) and one.method == "GET" and one.status}


def slices_announced(page: Page) -> int:
    """How many images the viewer says that the series in its viewport has; it counts no single image."""
    found = OF_SO_MANY.search(page.text())
    return int(found.group(1)) if found else 1


def test_the_study_list_shows_every_study_of_the_hub(room: Room, page: Page) -> None:
    page.open(f"{room.viewer}/")
    patients = {study.patient.patient_id for study in room.studies}
    assert len(patients) >= 5
    assert page.wait_until(lambda: all(patient in page.text() for patient in patients), PATIENCE_S), page.text()
    assert refused(room, page) == []
    assert page.errors == []


def test_the_study_list_finds_a_patient_by_part_of_the_name(room: Room, page: Page) -> None:
    page.open(f"{room.viewer}/?patientName=prostate")
    wanted = {study.patient.patient_id for study in room.studies if "prostate" in study.patient.name.display.lower()}
    others = {study.patient.patient_id for study in room.studies} - wanted
    assert wanted
    assert page.wait_until(lambda: all(patient in page.text() for patient in wanted), PATIENCE_S), page.text()
    assert [patient for patient in others if patient in page.text()] == []
    assert refused(room, page) == []


@pytest.mark.parametrize("place", range(6))
def test_a_study_is_shown_with_every_image_of_its_first_series(room: Room, page: Page, place: int) -> None:
    study = sorted(room.studies, key=lambda one: one.uid)[place]
    page.open(f"{room.viewer}/viewer?StudyInstanceUIDs={study.uid}")
    assert page.wait_until(lambda: greys(page.picture()) >= FEWEST_GREYS, PATIENCE_S), page.text()
    assert page.wait_until(lambda: len(frames(room, page)) >= slices_announced(page), PATIENCE_S)
    assert refused(room, page) == []
    assert page.errors == []


def test_a_document_is_fetched_as_bulk_data(room: Room, page: Page) -> None:
    study = next(study for study in room.studies if "DOC" in study.modalities)
    page.open(f"{room.viewer}/viewer?StudyInstanceUIDs={study.uid}")
    assert page.wait_until(lambda: any(BULK.search(one.url) for one in page.asked(room.hub)), PATIENCE_S)
    assert page.wait_until(lambda: greys(page.picture()) >= FEWEST_GREYS, PATIENCE_S)
    assert refused(room, page) == []
