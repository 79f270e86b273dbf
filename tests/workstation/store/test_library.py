"""The library: what keeps a study, and how it is erased with its trace in the audit log."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.workstation.store.inspected import inspected
from tests.workstation.store.samples import (
    HUB,
    KEY,
    NOW,
    STUDY,
    fixed_clock,
    make_completion,
    make_draft,
    make_object,
    make_request,
    open_database,
)
from viewers.identifiers import InstanceUID, StudyUID
from workstation.domain.delivery import CompletionState, DeliveryState, ObjectRole
from workstation.domain.identifiers import DraftId, RequestId, TransactionUID
from workstation.domain.listing import Doubt
from workstation.domain.request import RequestKey
from workstation.domain.study import StudyReference
from workstation.store.audit import AuditLog
from workstation.store.catalogue import Catalogue
from workstation.store.completions import CompletionStore
from workstation.store.drafts import DraftStore
from workstation.store.errors import RetentionRefused, StudyMissing
from workstation.store.journal import DraftJournal
from workstation.store.library import Erased, Library
from workstation.store.outbox import OutboxStore
from workstation.store.requests import ClaimStore, RequestStore
from workstation.store.retention import Retention, read_retention, write_retention
from workstation.store.settings import SettingsStore
from workstation.store.signings import SignedCopies
from workstation.store.study_needs import Need

PRIOR = StudyUID("1.2.9")


class Bench:
    """A profile's database with one study from a hub, and one prior."""

    def __init__(self, folder: Path) -> None:
        self.database = open_database(folder)
        self.audit = AuditLog(self.database, KEY, fixed_clock)
        self.catalogue = Catalogue(self.database, fixed_clock)
        self.drafts = DraftStore(self.database, DraftJournal(folder / "drafts.journal", KEY))
        self.outbox = OutboxStore(
            self.database, self.drafts, self.audit, fixed_clock, SignedCopies(folder / "signed", KEY)
        )
        self.library = Library(self.database, self.audit, fixed_clock)
        self.catalogue.record_all([inspected(1), inspected(2)], "hub")
        self.catalogue.record(inspected(1, study=PRIOR, series="1.2.9.4"), "hub")

    def needs(self, study: StudyUID = STUDY) -> frozenset[Need]:
        return self.library.needs(study)

    def remember_request(self) -> None:
        request = replace(make_request(), priors=(StudyReference(PRIOR, HUB),))
        RequestStore(self.database, fixed_clock).replace_all(HUB, (request,))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_nothing_needs_a_study_that_was_only_fetched(bench: Bench) -> None:
    assert bench.needs() == frozenset()
    assert bench.needs(PRIOR) == frozenset()


def test_an_open_draft_needs_its_study_the_priors_of_its_request_and_what_it_marks(bench: Bench) -> None:
    bench.catalogue.record(inspected(1, study="1.2.7", series="1.2.7.1"), "hub")
    marked = make_draft()
    (mark,) = marked.annotations
    bench.drafts.save(replace(marked, annotations=(replace(mark, instance=InstanceUID("1.2.7.1.1")),)))
    assert bench.needs() == {Need.OPEN_DRAFT}
    assert bench.needs(StudyUID("1.2.7")) == {Need.OPEN_DRAFT}
    assert bench.needs(PRIOR) == frozenset()
    bench.remember_request()
    assert bench.needs(PRIOR) == {Need.OPEN_DRAFT}


def test_a_draft_that_cannot_be_read_still_needs_its_study(bench: Bench) -> None:
    bench.drafts.save(make_draft())
    with bench.database.write() as connection:
        connection.execute("UPDATE drafts SET body = '{}'")
    assert bench.needs() == {Need.OPEN_DRAFT}


def test_a_signed_report_needs_its_study_until_it_is_sent_and_its_request_answered(bench: Bench) -> None:
    bench.remember_request()
    bench.drafts.save(make_draft())
    (delivery,) = bench.outbox.enqueue(
        DraftId("d1"), RequestId("r1"), HUB, [make_object(ObjectRole.REPORT)], demonstration=False,
        completion=make_completion(),
    )  # fmt: skip
    assert bench.needs() == {Need.UNSENT, Need.UNANSWERED}
    bench.outbox.step(delivery.id, DeliveryState.STORED, "stored")
    assert Need.UNSENT in bench.needs()
    bench.outbox.step(delivery.id, DeliveryState.SENT, "read_back")
    assert bench.needs() == {Need.UNANSWERED}
    assert bench.needs(PRIOR) == {Need.UNANSWERED}
    CompletionStore(bench.database, bench.audit, fixed_clock).step(
        DraftId("d1"), RequestId("r1"), CompletionState.COMPLETED
    )
    assert bench.needs() == frozenset()


def test_a_claimed_request_needs_its_studies_and_priors(bench: Bench) -> None:
    bench.remember_request()
    claims = ClaimStore(bench.database, fixed_clock)
    claims.remember(RequestKey(RequestId("r1"), HUB), TransactionUID("2.25.7"))
    assert bench.needs() == bench.needs(PRIOR) == {Need.CLAIMED}
    claims.forget(RequestKey(RequestId("r1"), HUB))
    assert bench.needs() == frozenset()


def test_one_imported_image_makes_a_study_the_only_copy(bench: Bench) -> None:
    bench.catalogue.record(inspected(3), "import")
    assert bench.needs() == {Need.ONLY_COPY}


def test_a_study_is_kept_by_wish_and_no_longer(bench: Bench) -> None:
    bench.library.keep(STUDY, True)
    assert bench.needs() == {Need.KEPT}
    assert bench.library.erase(STUDY, Erased.ROOM, "reader") == ()
    bench.library.keep(STUDY, False)
    assert bench.needs() == frozenset()
    with pytest.raises(StudyMissing):
        bench.library.keep(StudyUID("9.9"), True)


def test_erasing_takes_every_row_leaves_an_audit_line_and_a_note_of_the_files(bench: Bench) -> None:
    bench.catalogue.expect(STUDY, inspected().series, 3)
    bench.catalogue.refuse(STUDY, inspected().series, None, "unreadable")
    bench.catalogue.quarantine(STUDY, InstanceUID("1.2.3.4.1"), "worker lost")
    bench.library.use(STUDY)
    erased = bench.library.erase(STUDY, Erased.ASKED, "reader")
    assert set(erased) == {"1.2.3.4.1", "1.2.3.4.2"}
    assert bench.catalogue.study(STUDY) is None
    assert bench.catalogue.instances(STUDY) == ()
    assert bench.catalogue.expected(STUDY) == {}
    assert bench.catalogue.refused(STUDY) == ()
    assert bench.catalogue.quarantined(STUDY) == {}
    (line,) = bench.audit.lines()
    assert (line.event.value, line.actor, line.object, line.detail) == ("deleted", "reader", STUDY, "asked 2")
    assert set(bench.library.to_destroy()) == set(erased)
    bench.library.destroyed(erased)
    assert bench.library.to_destroy() == ()
    assert bench.catalogue.study(PRIOR) is not None


def test_what_comes_again_before_its_file_was_destroyed_is_not_destroyed(bench: Bench) -> None:
    bench.library.erase(STUDY, Erased.ROOM, "reader")
    bench.catalogue.record(inspected(1), "hub")
    assert bench.library.to_destroy() == ("1.2.3.4.2",)


def test_studies_are_listed_from_the_longest_unused(bench: Bench) -> None:
    later = Library(bench.database, bench.audit, lambda: NOW + timedelta(days=3))
    later.use(STUDY)
    bench.catalogue.lose(STUDY, [InstanceUID("1.2.3.4.2")], "damaged")
    prior, current = later.studies()
    assert (prior.study, prior.used, prior.instances, prior.missing) == (PRIOR, NOW, 1, 0)
    assert (current.study, current.used) == (STUDY, NOW + timedelta(days=3))
    assert (current.instances, current.missing, current.origins) == (1, 1, {"hub"})
    (held,) = bench.catalogue.instance_uids(current.study)
    bench.catalogue.doubt(current.study, {held: Doubt.UNLISTED})
    assert [one.missing for one in bench.library.studies() if one.study == current.study] == [2]
    bench.catalogue.withdraw([held])
    assert bench.catalogue.doubts(current.study) == {}


def test_retention_is_kept_and_nonsense_is_refused(bench: Bench) -> None:
    settings = SettingsStore(bench.database)
    assert read_retention(settings) == Retention()
    wanted = Retention(1 << 30, 7, 1 << 29, 0)
    write_retention(settings, wanted)
    assert read_retention(settings) == wanted
    for nonsense in ({"quota_bytes": 0}, {"keep_days": 0}, {"keep_days": 9999}, {"free_bytes": -1}):
        with pytest.raises(RetentionRefused):
            Retention(**nonsense)
