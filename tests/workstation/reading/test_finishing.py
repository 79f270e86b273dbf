"""Signing: what is signed is the draft that was composed, for a request that is held, on the request's own hub."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.support.reports import READER, draft_of, marks_on, report_on, request_for, small_ct, stored_header
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.identifiers import HubName, TransactionUID
from workstation.domain.report import Draft, DraftState
from workstation.reading.finishing import Prepared
from workstation.report.document.pdf import build_pdf
from workstation.store.errors import DraftChanged
from workstation.translations import translator
from workstation.worklist.errors import NotHeld

OTHER_HUB = HubName("the-only-hub")


@dataclass
class Bench:
    """A profile with one finished draft, and the report that was made from it and shown."""

    core: Core
    prepared: Prepared

    @property
    def draft(self) -> Draft:
        return self.prepared.draft

    def claim(self) -> None:
        request = self.prepared.report.request
        assert request is not None
        self.core.store.claims.remember(request.id, request.hub, TransactionUID("2.25.7"))

    def sign(self, hub: HubName | None = None) -> None:
        with self.core.signers.open(READER, None) as signer:
            self.core.finishing.sign(self.prepared, signer, hub)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    headers = [stored_header(small_ct())]
    draft = draft_of(headers, marks_on(headers[0]))
    report = report_on(headers, demonstration=True)
    report = replace(report, key_images=(), request=request_for(report.study))
    document = build_pdf(report, translator("fr"))
    with open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core:
        core.drafting.save(draft)
        yield Bench(core, Prepared(draft, report, (), document))


def test_a_draft_written_to_after_it_was_shown_is_not_signed(bench: Bench) -> None:
    bench.claim()
    answers = replace(bench.draft.answers, sections={**bench.draft.answers.sections, "conclusion": "Another."})
    bench.core.drafting.save(replace(bench.draft, answers=answers))
    with pytest.raises(DraftChanged):
        bench.sign()
    assert bench.core.store.outbox.deliveries() == ()
    assert bench.core.drafting.load(bench.draft.id).state is DraftState.OPEN


def test_a_mark_drawn_after_it_was_shown_is_not_lost_in_a_signed_draft(bench: Bench) -> None:
    bench.claim()
    bench.core.drafting.save(replace(bench.draft, annotations=()))
    with pytest.raises(DraftChanged):
        bench.sign()


def test_what_is_on_the_screen_does_not_keep_from_signing(bench: Bench) -> None:
    bench.claim()
    bench.core.drafting.save(replace(bench.draft, view_state="scrolled"))
    bench.sign()
    assert bench.core.drafting.load(bench.draft.id).state is DraftState.SIGNED


def test_the_report_goes_to_the_hub_of_its_request_and_completes_it_there(bench: Bench) -> None:
    bench.claim()
    bench.sign(OTHER_HUB)
    assert {one.hub for one in bench.core.store.outbox.deliveries()} == {HubName("demo")}
    (completion,) = bench.core.store.completions.completions()
    assert completion.hub == "demo"


def test_a_request_that_was_given_back_is_not_answered(bench: Bench) -> None:
    with pytest.raises(NotHeld):
        bench.sign()
    assert bench.core.store.outbox.deliveries() == ()


def test_an_answer_to_a_request_that_is_gone_is_not_signed_as_one_without(bench: Bench) -> None:
    bench.prepared = replace(bench.prepared, report=replace(bench.prepared.report, request=None))
    with pytest.raises(NotHeld):
        bench.sign(OTHER_HUB)
    assert bench.core.store.outbox.deliveries() == ()
