"""Whoever signs second is told before anything is signed, although the draft was begun in good faith (N19)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.e2e.opinions import answers, marks, slices_of
from tests.support.command_line import REPOSITORY
from tests.support.hub_clients import client_of
from tests.support.placed_requests import place_like
from viewers.annotations import archive
from viewers.identifiers import AnnotationId
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.reader import Reader
from workstation.domain.report import Draft
from workstation.domain.request import Holder, Request
from workstation.embedded_hub.running import RunningHub
from workstation.hub.protocol import DeclineReason, HubClient
from workstation.reading.errors import ChecksRefuse
from workstation.reading.finishing import Prepared
from workstation.report.answers import parse_answers
from workstation.report.template import template
from workstation.worklist.errors import NotHeld

READER = Reader("READER^ONE", "10000000001", "Hospital")
STUDY = REPOSITORY / "resources" / "demonstration" / "studies" / "head-ct"


@dataclass
class Bench:
    core: Core
    client: HubClient
    request: Request
    draft: Draft

    def prepare(self) -> Prepared:
        accepted = [one.id for one in self.core.finishing.checks(self.draft, READER, demonstration=True)]
        return self.core.finishing.prepare(self.draft, READER, accepted, demonstration=True)

    def sign(self, prepared: Prepared) -> None:
        with self.core.signers.open(READER, None) as signer:
            self.core.finishing.sign(prepared, signer)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with (
        RunningHub(tmp_path / "hub") as hub,
        client_of(hub.url) as client,
        open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core,
    ):
        core.store.settings.set_reader(READER)
        core.store.settings.add_hub(HubSettings(HubName("hub"), hub.url))
        placed = place_like(client, "head-stroke")
        core.importer.import_paths([STUDY])
        request = core.worklist.claim(core.worklist.find(placed.id))
        middle = slices_of("head-ct").middle
        written = parse_answers(json.dumps(answers(middle)).encode(), template("gen-so"))
        drawn = archive.read(json.dumps(marks(middle)[:1]), lambda: AnnotationId("m"))
        study = request.studies[0].study
        draft = core.drafting.begin(study, request, READER, "fr", answers=written, annotations=drawn)
        yield Bench(core, client, request, draft)


def test_a_request_that_ended_meanwhile_is_not_answered_a_second_time(bench: Bench) -> None:
    transaction = bench.core.store.claims.transaction(bench.request.key)
    assert transaction is not None
    bench.client.decline(bench.request, DeclineReason.DUPLICATE, "", READER, transaction)
    with pytest.raises(ChecksRefuse) as refusal:
        bench.prepare()
    assert refusal.value.checks == ("request-closed",)
    assert bench.core.store.outbox.deliveries() == ()
    assert bench.core.drafting.load(bench.draft.id).answers == bench.draft.answers


def test_a_request_that_somebody_else_holds_now_is_neither_prepared_nor_signed(bench: Bench) -> None:
    prepared = bench.prepare()
    other = replace(bench.request, holder=Holder("Lecteur Bravo", "10007654321"))
    bench.core.store.requests.keep(other)
    checks = bench.core.finishing.checks(bench.draft, READER, demonstration=True)
    assert "request-held-elsewhere" in [one.id for one in checks]
    with pytest.raises(NotHeld):
        bench.sign(replace(prepared, report=replace(prepared.report, request=other)))
    assert bench.core.store.outbox.deliveries() == ()


def test_a_request_that_is_held_is_signed(bench: Bench) -> None:
    bench.sign(bench.prepare())
    assert bench.core.store.outbox.deliveries()
