"""Answers that are no images: another form, a refusal, another address (N8, N12, N13). None is believed or chased."""

import itertools
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import ExplicitVRLittleEndian, JPEGLSLossless, RLELossless

from tests.faults.conftest import COUNT, PAIR, RealHub
from tests.support import faults
from tests.support.fault_proxy import FaultProxy, Spoil
from tests.support.faults import Chance, Fault, Reply, instead
from tests.support.hub_clients import client_of, inspect, sleep_not
from tests.support.imitated_hub import transcoded
from tests.support.stub_hub import running_stub
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk
from tests.workstation.retrieval.test_hub_retrieval import Kept, retrieval
from tests.workstation.store.samples import HUB, KEY, READER, open_database
from viewers.identifiers import InstanceUID
from workstation.decoding.errors import DecodingError
from workstation.domain.clock import system_clock
from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.hub_findings import Asking
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import (
    HubAnsweredWrongly,
    HubError,
    HubRedirected,
    HubRefused,
    NotOnHub,
    NotShared,
    Withdrawn,
)
from workstation.hub.registry import open_hub
from workstation.retrieval.unshared import Unshared
from workstation.retrieval.volumes import load_volumes
from workstation.store.audit import AuditLog
from workstation.store.requests import ClaimStore, RequestStore
from workstation.translations import languages, translator
from workstation.worklist.worklist import Worklist

WHOLE, SINGLE = rf"/series/{SERIES}$", r"/instances/[\d.]+$"
TOKEN = "token-of-this-hub"


def in_syntax(syntax: str) -> Fault:
    """Return the fault that sends every object in one transfer syntax, whatever was asked for."""

    def recoded(reply: Reply, chance: Chance) -> Reply:
        return reply.with_parts([replace(part, body=transcoded(part.body, syntax)) for part in reply.parts()])

    return recoded


def mislabelled(part10: bytes) -> bytes:
    """Return an object whose header states another transfer syntax than its pixels have."""
    return part10.replace(ExplicitVRLittleEndian.encode(), RLELossless.encode(), 1)


def values_of(desk: Desk, part10: bytes) -> object:
    return desk.pool.decode(part10).tolist()


def test_n8_another_transfer_syntax_than_asked_for_is_taken_where_header_and_pixels_agree(
    desk: Desk, real_hub: RealHub
) -> None:
    asked, given = JPEGLSLossless, ExplicitVRLittleEndian
    with FaultProxy(real_hub.url, [Spoil([in_syntax(given)], path=r"/series/[\d.]+(/instances/[\d.]+)?$")]) as proxy:
        client = open_hub(HubSettings(HUB, proxy.url), inspect, sleep=sleep_not, asking=lambda: Asking(asked))
        assert desk.retrieval.pull(client, STUDY).is_complete
        client.close()
        assert any(asked in one.headers["accept"] for one in proxy.seen if one.fault)
    for number in (1, COUNT):
        held = desk.objects.get(InstanceUID(f"{SERIES}.{number}"))
        assert pydicom.dcmread(BytesIO(held)).file_meta.TransferSyntaxUID == given
        assert values_of(desk, held) == values_of(desk, real_hub.part10s[number - 1])


def test_n8_a_header_that_does_not_agree_with_its_pixels_is_never_made_into_a_picture(
    desk: Desk, real_hub: RealHub
) -> None:
    """What the header states is believed when an object is received; its pixels are read when they are to be shown."""
    spoil = Spoil([faults.altered(mislabelled)], path=WHOLE)
    with FaultProxy(real_hub.url, [spoil]) as proxy, client_of(proxy.url) as client:
        desk.retrieval.pull(client, STUDY)
    held = {desk.objects.get(one.reference.instance) for one in desk.catalogue.instances(STUDY, SERIES)}
    (odd,) = held - set(real_hub.part10s)
    with pytest.raises(DecodingError):
        desk.pool.decode(odd)
    (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)
    assert not volume.is_complete


PAGE = faults.PORTAL
NO_IMAGES: dict[str, tuple[Reply, type[HubError]]] = {
    "JSON": (Reply(200, {"content-type": "application/dicom+json"}, b"[]"), HubAnsweredWrongly),
    "a login page": (Reply(200, {"content-type": "text/html"}, PAGE), HubRefused),
    "a login page that calls itself an image": (Reply(200, {"content-type": "application/dicom"}, PAGE), HubRefused),
    "a login page of no type": (Reply(200, {}, b"\r\n" + PAGE), HubRefused),
}


@pytest.mark.parametrize(("answer", "error"), NO_IMAGES.values(), ids=NO_IMAGES)
def test_n8_what_is_no_image_is_none_and_a_login_page_is_a_refusal(
    desk: Desk, real_hub: RealHub, answer: Reply, error: type[HubError]
) -> None:
    spoils = [Spoil([instead(answer)], path=r"/series/[\d.]+(/instances/[\d.]+)?$")]
    with FaultProxy(real_hub.url, spoils) as proxy, client_of(proxy.url) as client:
        with pytest.raises(error) as raised:
            desk.retrieval.pull(client, STUDY)
        assert isinstance(raised.value, HubRefused) == (error is HubRefused)
        assert desk.is_empty()
        if error is HubRefused:
            assert sum(proxy.faults.values()) == 1
        proxy.spoils = []
        assert desk.retrieval.pull(client, STUDY).is_complete


def assert_told(error: HubError) -> None:
    """A reader is told in words of both languages which hub it is, and what."""
    said = [translator(language).error(error) for language in languages()]
    assert all(HUB in one for one in said)
    assert len(set(said)) == len(said)


REFUSALS = {403: NotShared, 404: NotOnHub, 410: Withdrawn}


@pytest.mark.parametrize(("status", "path"), [(403, WHOLE), (404, r"/series\?"), (410, WHOLE)], ids=REFUSALS)
def test_n12_a_study_that_is_not_given_is_told_and_asked_for_once(
    desk: Desk, real_hub: RealHub, status: int, path: str
) -> None:
    with (
        FaultProxy(real_hub.url, [Spoil([instead(Reply(status))], path=path)]) as proxy,
        client_of(proxy.url, HUB) as client,
    ):
        with pytest.raises(REFUSALS[status]) as raised:
            desk.retrieval.pull(client, STUDY)
        assert type(raised.value) is REFUSALS[status]
        assert len(proxy.asked("GET", path)) == 1
        assert_told(raised.value)
        assert desk.is_empty()
        proxy.spoils = []
        assert desk.retrieval.pull(client, STUDY).is_complete


def test_n12_a_study_that_is_not_given_leaves_the_list_of_studies_until_it_is(
    desk: Desk, real_hub: RealHub, tmp_path: Path
) -> None:
    unshared, folder = Unshared(), tmp_path / "list"
    folder.mkdir()
    database = open_database(folder)
    with FaultProxy(real_hub.url, [Spoil([instead(Reply(410))], path=r"/series\?")]) as proxy:
        settings = HubSettings(HUB, proxy.url)
        hubs = HubDirectory(lambda: (settings,), lambda one: open_hub(one, inspect, sleep=sleep_not))
        claims, requests = ClaimStore(database), RequestStore(database)
        audit = AuditLog(database, KEY, system_clock)
        worklist = Worklist(hubs, claims, requests, lambda: READER, audit, unshared.holds)

        def listed() -> set[str]:
            studies, silent = worklist.shared_studies(worklist.refresh())
            assert not silent
            return {study.uid for study in studies}

        assert {STUDY, PAIR} <= listed()
        with pytest.raises(Withdrawn):
            retrieval(desk, Kept(), unshared=unshared).pull(hubs.reading(HUB), STUDY)
        assert STUDY not in listed()
        assert PAIR in listed()
        proxy.spoils = []
        assert retrieval(desk, Kept(), unshared=unshared).pull(hubs.reading(HUB), STUDY).is_complete
        assert {STUDY, PAIR} <= listed()
        hubs.close()
    database.close()


ELSEWHERE = {"another origin": "{evil}/studies", "the same origin": "{hub}/elsewhere"}


@pytest.mark.parametrize("location", ELSEWHERE.values(), ids=ELSEWHERE)
def test_n13_a_redirect_is_followed_nowhere_and_told(desk: Desk, real_hub: RealHub, location: str) -> None:
    with running_stub(lambda exchange: exchange.reply(200)) as evil, FaultProxy(real_hub.url) as proxy:
        client = open_hub(HubSettings(HUB, proxy.url, SignInKind.BEARER, secret=TOKEN), inspect, sleep=sleep_not)
        target = location.format(evil=evil.url, hub=proxy.url)
        paths = itertools.cycle((r"/studies\?", r"/series\?", WHOLE))
        for status, path in zip((301, 302, 303, 307, 308), paths, strict=False):
            proxy.seen.clear()
            proxy.spoils = [Spoil([instead(Reply(status, {"location": target}))], path=path)]
            with pytest.raises(HubRedirected) as raised:
                desk.retrieval.pull(client, STUDY)
            assert_told(raised.value)
            assert len(proxy.asked("GET", path)) == 1
            assert not proxy.asked("GET", "/elsewhere")
            assert desk.is_empty()
        proxy.spoils = []
        assert desk.retrieval.pull(client, STUDY).is_complete
        client.close()
        assert (evil.seen, evil.connections) == ([], 0)
