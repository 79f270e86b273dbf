"""Objects are asked for in the words of each family of hub, and what comes instead is told from what was asked for."""

import pytest

from tests.support.hub_clients import PATIENT_LIMITS, client_of, inspect
from tests.support.imitated_hub import FAMILIES, J2K_LOSSLESS, imitated, single_part_only, transcoded
from tests.support.instances import make_instance
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import Asking
from workstation.domain.identifiers import HubName
from workstation.domain.study import InstanceReference
from workstation.hub.accept import ACCEPT_DIALECTS
from workstation.hub.errors import HubAnsweredWrongly, HubError, HubRefused, NotOnHub
from workstation.hub.registry import open_hub

STUDY, SERIES = StudyUID("1.2"), SeriesUID("1.2.3")
SQUARE = {"Rows": 64, "Columns": 64, "PixelData": bytes(64 * 64 * 2)}
IMAGES = [
    make_instance(StudyInstanceUID=STUDY, SeriesInstanceUID=SERIES, SOPInstanceUID=f"1.2.3.{n}", **SQUARE)
    for n in range(1, 4)
]
FIRST = InstanceReference(STUDY, SERIES, InstanceUID("1.2.3.1"), "")
LOGIN = b"<!DOCTYPE html>\n<html><body><form>Sign in</form></body></html>"


@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_gives_its_series_and_its_instances(name: str) -> None:
    with imitated(IMAGES, family=FAMILIES[name]) as hub, client_of(hub.stub.url) as client:
        assert list(client.retrieve_series(STUDY, SERIES)) == IMAGES
        assert client.retrieve_instance(FIRST) == IMAGES[0]


def test_what_a_hub_understood_is_asked_for_first_the_next_time() -> None:
    with imitated(IMAGES, family=FAMILIES["dcm4chee"]) as hub, client_of(hub.stub.url) as client:
        list(client.retrieve_series(STUDY, SERIES))
        before = len(hub.asked)
        list(client.retrieve_series(STUDY, SERIES))
    assert before > 1
    assert hub.asked[before:] == ['multipart/related;type="application/dicom"']


def test_one_instance_may_be_had_as_one_part_only() -> None:
    with imitated(IMAGES, family=single_part_only) as hub, client_of(hub.stub.url) as client:
        assert client.retrieve_instance(FIRST) == IMAGES[0]
        with pytest.raises(HubAnsweredWrongly):
            list(client.retrieve_series(STUDY, SERIES))


def test_a_hub_that_understands_no_dialect_is_asked_each_once() -> None:
    with imitated(IMAGES, status_of=lambda path: 406 if "series/1.2.3" in path else 200) as hub:
        with client_of(hub.stub.url) as client, pytest.raises(HubAnsweredWrongly):
            list(client.retrieve_series(STUDY, SERIES))
        assert len(hub.asked) == len(set(hub.asked)) <= len(ACCEPT_DIALECTS)


@pytest.mark.parametrize(("family", "syntax"), [("google", J2K_LOSSLESS), ("azure", "*"), ("dcm4chee", "*")])
def test_a_compressed_syntax_is_asked_for_and_done_without_where_it_is_refused(family: str, syntax: str) -> None:
    with imitated(IMAGES, family=FAMILIES[family]) as hub:
        settings = HubSettings(HubName("hub"), hub.stub.url)
        client = open_hub(settings, inspect, limits=PATIENT_LIMITS, asking=lambda: Asking(J2K_LOSSLESS))
        try:
            given = list(client.retrieve_series(STUDY, SERIES))
        finally:
            client.close()
    assert given == [transcoded(one, syntax) for one in IMAGES]
    assert J2K_LOSSLESS in hub.asked[0]


def test_a_syntax_that_is_always_refused_is_soon_not_asked_for_any_more() -> None:
    with imitated(IMAGES, family=FAMILIES["azure"]) as hub:
        settings = HubSettings(HubName("hub"), hub.stub.url)
        client = open_hub(settings, inspect, limits=PATIENT_LIMITS, asking=lambda: Asking(J2K_LOSSLESS, "standard"))
        try:
            for _ in range(6):
                client.retrieve_instance(FIRST)
        finally:
            client.close()
    assert sum(J2K_LOSSLESS in accept for accept in hub.asked) == 2


@pytest.mark.parametrize(
    ("page", "kind", "error"),
    [
        (LOGIN, "text/html", HubRefused),
        (LOGIN, "Text/HTML; charset=utf-8", HubRefused),
        (LOGIN, "application/dicom", HubRefused),
        (b"\r\n  " + LOGIN, 'multipart/related; type="application/dicom"; boundary=b0', HubRefused),
        (b'{"error": "no"}', "application/json", HubAnsweredWrongly),
    ],
)
def test_a_web_page_instead_of_objects_is_a_sign_in_that_failed(page: bytes, kind: str, error: type[HubError]) -> None:
    with imitated(IMAGES, page=page, page_type=kind) as hub, client_of(hub.stub.url) as client:
        with pytest.raises(HubError) as series:
            list(client.retrieve_series(STUDY, SERIES))
        with pytest.raises(HubError) as single:
            client.retrieve_instance(FIRST)
    assert (series.type, single.type) == (error, error)


@pytest.mark.parametrize(("status", "error"), [(403, HubRefused), (404, NotOnHub), (410, NotOnHub)])
def test_a_study_that_is_not_given_is_said_once_and_not_asked_for_again(status: int, error: type[HubError]) -> None:
    with imitated(
        IMAGES, status_of=lambda path: status if path.startswith("/studies/1.2/series/1.2.3") else 200
    ) as hub:
        with client_of(hub.stub.url) as client, pytest.raises(error):
            list(client.retrieve_series(STUDY, SERIES))
        assert len(hub.asked) == 1
