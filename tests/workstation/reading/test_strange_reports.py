"""What comes, or is held, as the first report of a request and is another report or another patient's: never shown."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pydicom
import pytest

from tests.support.hub_clients import inspect
from tests.support.imitated_hub import imitated
from tests.support.instances import to_part10
from tests.support.placed_requests import demonstration_case
from tests.workstation.retrieval.conftest import desk, pool
from tests.workstation.retrieval.desk import Desk
from tests.workstation.retrieval.test_hub_retrieval import Kept
from tests.workstation.store.samples import HUB
from viewers.identifiers import SeriesUID, StudyUID
from workstation.decoding.pool import DecoderPool
from workstation.demonstration.first_report import build_first_report
from workstation.domain.hub import HubSettings
from workstation.hub.directory import HubDirectory
from workstation.hub.registry import open_hub
from workstation.reading.first_reports import FirstReports
from workstation.reading.preview import Previews, RequestPreview
from workstation.retrieval.strategies import Strategies
from workstation.shell.request_words import first_report_text
from workstation.translations import translator

__all__ = ["desk", "pool"]
CASE = demonstration_case("head-stroke")
REPORT = build_first_report(CASE)
REQUEST = replace(CASE.request, hub=HUB, patient=replace(CASE.request.patient, birth_date="19600101"))
(REFERENCE,) = REQUEST.first_reports
ALTERATIONS = {
    "patient": {"PatientID": "SOMEONE-ELSE"},
    "birth date": {"PatientBirthDate": "19010101"},
    "study": {"StudyInstanceUID": "2.25.1"},
    "series": {"SeriesInstanceUID": "2.25.2"},
}


def altered(**attributes: str) -> bytes:
    dataset = pydicom.dcmread(BytesIO(REPORT))
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return to_part10(dataset)


def preview(pool: DecoderPool, sent: bytes) -> tuple[RequestPreview, list[StudyUID]]:
    """Return the preview of a request whose hub sends an object for the report, and the studies told of."""
    told: list[StudyUID] = []
    with imitated([REPORT]) as hub:
        hub.instead = sent
        hubs = HubDirectory(lambda: (HubSettings(HUB, hub.stub.url),), lambda one: open_hub(one, inspect))
        strategies = Strategies(Kept(), str, lambda: datetime.now(UTC), lambda look: look())
        found = Previews(hubs, pool, strategies, told.append).of(REQUEST)
        hubs.close()
    return found, told


def held(desk: Desk, part10: bytes) -> tuple[FirstReports, list[StudyUID]]:
    """Return the reports of a profile that holds an object, and the studies that will be told of."""
    told: list[StudyUID] = []
    desk.catalogue.record(desk.pool.inspect(part10), "file")
    return FirstReports(desk.catalogue, desk.held(), desk.pool, told.append), told


def test_the_report_that_the_request_names_is_shown(desk: Desk) -> None:
    found, told = preview(desk.pool, REPORT)
    assert found.first_report
    assert first_report_text(found, translator("en")) == found.first_report
    reports, told_of_held = held(desk, REPORT)
    assert [one.reference for one in reports.read(REQUEST).reports] == [REFERENCE]
    assert told == told_of_held == []


@pytest.mark.parametrize("change", [*ALTERATIONS.values(), {"SOPInstanceUID": "2.25.3"}], ids=[*ALTERATIONS, "object"])
def test_another_report_is_not_shown_in_the_queue_and_told(desk: Desk, change: dict[str, str]) -> None:
    found, told = preview(desk.pool, altered(**change))
    assert (found.first_report, found.has_strangers, told) == ("", True, [REFERENCE.study])
    for language in ("en", "fr"):
        words = translator(language)
        assert first_report_text(found, words) == words.text("errors.reading.someone_elses_report")


@pytest.mark.parametrize("change", ALTERATIONS.values(), ids=ALTERATIONS)
def test_another_report_that_is_held_under_its_identifier_goes_into_no_case_and_is_told_once(
    desk: Desk, change: dict[str, str]
) -> None:
    reports, told = held(desk, altered(**change))
    for _ in range(2):
        found = reports.read(REQUEST)
        assert (found.reports, found.has_strangers) == ((), True)
    assert told == [REFERENCE.study]


@pytest.mark.parametrize(("part10", "count"), [(REPORT, 1), (altered(PatientID="SOMEONE-ELSE"), 0)])
def test_a_reference_that_leaves_out_where_the_report_lies_is_judged_by_the_patient(
    desk: Desk, part10: bytes, count: int
) -> None:
    bare = replace(REFERENCE, study=StudyUID(""), series=SeriesUID(""))
    reports, _told = held(desk, part10)
    assert len(reports.read(replace(REQUEST, first_reports=(bare,))).reports) == count
