"""Signing: what is signed is the draft that was composed, for a request that is held, on the request's own hub."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.support.reports import READER, draft_of, marks_on, report_on, request_for, small_ct, stored_header
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, TransactionUID
from workstation.domain.report import Draft, DraftState
from workstation.domain.request import Request, RequestKey
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
        self.core.store.claims.remember(request.key, TransactionUID("2.25.7"))

    def early(self) -> tuple[Request, Draft]:
        """Return the request, as its hub listed it, and another draft for it that does not name the hub."""
        request = self.prepared.report.request
        assert request is not None
        self.core.store.requests.keep(request)
        draft = replace(self.core.drafting.begin(self.draft.study, request, READER, "fr"), hub=None)
        self.core.drafting.save(draft)
        return request, draft

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


def test_a_claim_of_the_same_name_on_another_hub_signs_nothing_for_this_one(bench: Bench) -> None:
    request = bench.prepared.report.request
    assert request is not None
    bench.core.store.claims.remember(RequestKey(request.id, OTHER_HUB), TransactionUID("2.25.7"))
    with pytest.raises(NotHeld):
        bench.sign()
    assert bench.core.store.outbox.deliveries() == ()


def test_a_draft_answers_the_request_of_the_hub_for_which_it_was_begun(bench: Bench) -> None:
    request = bench.prepared.report.request
    assert request is not None
    elsewhere = replace(request, hub=OTHER_HUB)
    for one in (request, elsewhere):
        bench.core.store.requests.keep(one)
    begun = bench.core.drafting.begin(bench.draft.study, elsewhere, READER, "fr")
    assert bench.core.case_file.request(begun) == elsewhere
    ours = bench.core.drafting.resume_or_begin(bench.draft.study, request, READER, "fr")
    assert (bench.core.case_file.request(ours), ours.id == begun.id) == (request, False)


def test_a_draft_that_does_not_say_whose_request_it_answers_is_signed_for_neither_of_two_hubs(bench: Bench) -> None:
    request, early = bench.early()
    assert bench.core.case_file.request(early) == request
    bench.core.store.requests.keep(replace(request, hub=OTHER_HUB))
    with pytest.raises(NotHeld):
        bench.core.case_file.request(early)
    assert bench.core.drafting.resume_or_begin(early.study, request, READER, "fr") == replace(early, hub=request.hub)


def test_a_draft_that_does_not_say_whose_request_it_answers_belongs_to_the_hub_that_was_claimed_first(
    bench: Bench,
) -> None:
    request, early = bench.early()
    elsewhere = replace(request, hub=OTHER_HUB)
    bench.core.store.requests.keep(elsewhere)
    # Opening a case claims it: the other hub's request is claimed later than the one that was being answered.
    for one in (elsewhere, request):
        bench.core.store.claims.remember(one.key, TransactionUID("2.25.7"))
    assert bench.core.case_file.request(early) == elsewhere
    assert bench.core.drafting.resume_or_begin(early.study, request, READER, "fr").id != early.id
    found = bench.core.drafting.resume_or_begin(early.study, elsewhere, READER, "fr")
    assert found == replace(early, hub=OTHER_HUB)


def test_a_hub_that_left_the_profile_makes_no_draft_ambiguous(bench: Bench) -> None:
    request, early = bench.early()
    bench.core.store.requests.keep(replace(request, hub=OTHER_HUB))
    bench.core.store.settings.add_hub(HubSettings(request.hub, "http://127.0.0.1:9/rs"))
    assert bench.core.case_file.request(early) == request


def test_a_draft_follows_its_hub_that_was_removed_and_added_under_another_name(bench: Bench) -> None:
    request, settings = bench.early()[0], bench.core.store.settings
    begun = bench.core.drafting.begin(bench.draft.study, request, READER, "fr")
    settings.add_hub(HubSettings(request.hub, "http://127.0.0.1:9/rs"), is_same=True)
    assert settings.remove_hub(request.hub)
    settings.add_hub(HubSettings(OTHER_HUB, "http://127.0.0.1:9/rs"))
    renamed = replace(request, hub=OTHER_HUB)
    bench.core.store.requests.keep(renamed)
    assert bench.core.case_file.request(begun) == renamed
    found = bench.core.drafting.resume_or_begin(begun.study, renamed, READER, "fr")
    assert found == bench.core.drafting.load(begun.id) == replace(begun, hub=OTHER_HUB)


def test_an_answer_to_a_request_that_is_gone_is_not_signed_as_one_without(bench: Bench) -> None:
    bench.prepared = replace(bench.prepared, report=replace(bench.prepared.report, request=None))
    with pytest.raises(NotHeld):
        bench.sign(OTHER_HUB)
    assert bench.core.store.outbox.deliveries() == ()
