"""A barred study: nothing of it is told to who reads, all of it to who takes over, until the bar is lifted."""

from pathlib import Path

import pytest

from tests.workstation.store.inspected import inspected
from tests.workstation.store.samples import KEY, STUDY, fixed_clock, open_database
from viewers.identifiers import SeriesUID, StudyUID
from workstation.audit.events import AuditEvent, Outcome
from workstation.domain.contradiction import Contradiction
from workstation.domain.identity import Trait
from workstation.store.audit import AuditLog
from workstation.store.bars import Bars
from workstation.store.catalogue import Catalogue
from workstation.store.errors import StudyBarred, StudyNotBarred
from workstation.store.library import Erased, Library

OTHER = StudyUID("1.2.9")


class Bench:
    """Two studies of one patient, the catalogue of who reads and that of who takes over."""

    def __init__(self, folder: Path) -> None:
        database = open_database(folder)
        self.audit = AuditLog(database, KEY, fixed_clock)
        self.bars = Bars(database, self.audit, fixed_clock, lambda: "reader")
        self.library = Library(database, self.audit, fixed_clock)
        self.holdings = Catalogue(database, fixed_clock)
        self.catalogue = Catalogue(database, fixed_clock, hides_barred=True)
        self.holdings.record_all([inspected(1), inspected(2)], "hub")
        self.holdings.record(inspected(1, study=OTHER, series="1.2.9.4"), "hub")
        (self.held, _second) = self.holdings.instances(STUDY)

    def told(self, catalogue: Catalogue) -> set[object]:
        """Return whether and how each question is answered with the study or something of it."""
        patient = self.held.header.text("PatientID")
        answers = {
            "studies": any(one.uid == STUDY for one in catalogue.studies()),
            "page": any(one.uid == STUDY for one in catalogue.page(5)),
            "next page": any(one.uid == STUDY for one in catalogue.page(5, OTHER)),
            "related": any(one.uid == STUDY for one in catalogue.related(patient)),
            "named": any(one.uid == STUDY for one in catalogue.related("", [STUDY])),
            "study of": catalogue.study_of(self.held.reference.series) is not None,
            "series": bool(catalogue.series(STUDY)),
            "instances": bool(catalogue.instances(STUDY)),
            "instances of a series": bool(catalogue.instances(STUDY, self.held.reference.series)),
            "instance": catalogue.instance(self.held.reference.instance) is not None,
        }
        return {question for question, is_told in answers.items() if is_told}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_nothing_of_a_barred_study_is_told_to_who_reads_and_all_to_who_takes_over(bench: Bench) -> None:
    everything = bench.told(bench.holdings)
    assert len(everything) == 10
    assert bench.told(bench.catalogue) == everything
    bench.bars.bar(STUDY)
    assert bench.told(bench.catalogue) == set()
    with pytest.raises(StudyBarred):
        bench.catalogue.study(STUDY)
    assert (bench.catalogue.is_barred(STUDY), bench.catalogue.is_barred(OTHER)) == (True, False)
    assert bench.told(bench.holdings) == everything
    assert bench.holdings.study(STUDY) is not None
    assert bench.catalogue.study(OTHER) is not None
    assert bench.catalogue.series(OTHER)[0].uid == SeriesUID("1.2.9.4")
    bench.bars.lift(STUDY)
    assert bench.told(bench.catalogue) == everything


def test_a_bar_and_its_end_are_in_the_log_of_acts_once_each(bench: Bench) -> None:
    bench.bars.bar(STUDY)
    bench.bars.bar(STUDY)
    assert bench.bars.studies() == {STUDY}
    bench.bars.admit(STUDY)
    with pytest.raises(StudyNotBarred):
        bench.bars.admit(STUDY)
    bench.bars.lift(STUDY)
    acts = [(one.event, one.object, one.outcome, one.detail) for one in bench.audit.lines()]
    found = (AuditEvent.STRANGERS_FOUND, STUDY, Outcome.SERIOUS_FAILURE, "")
    assert acts == [found, found, (AuditEvent.STUDY_ADMITTED, STUDY, Outcome.SUCCESS, "asked")]


def test_what_was_found_is_admitted_with_the_study_and_forgotten_with_a_clean_transfer(bench: Bench) -> None:
    one, another = (Contradiction((Trait.SEX,), ("F",), (sex,)) for sex in ("M", "O"))
    bench.bars.bar(STUDY, one)
    assert (bench.bars.contradictions(STUDY), bench.catalogue.admitted(STUDY)) == ((one,), frozenset())
    bench.bars.bar(STUDY, another)
    bench.bars.admit(STUDY, bench.bars.contradictions(STUDY)[:1])
    assert bench.bars.contradictions(STUDY) == ()
    assert bench.audit.lines()[-1].detail == "asked sex"
    bench.bars.bar(STUDY, another)
    assert bench.bars.contradictions(STUDY) == (another,)
    bench.bars.lift(STUDY)
    assert (bench.bars.contradictions(STUDY), bench.catalogue.admitted(STUDY)) == ((), {one})
    assert bench.catalogue.admitted(OTHER) == frozenset()
    assert one.reversed.is_among(bench.catalogue.admitted(STUDY))
    assert not another.is_among(bench.catalogue.admitted(STUDY))
    bench.library.erase(STUDY, Erased.ASKED, "reader")
    assert bench.catalogue.admitted(STUDY) == frozenset()


def test_a_study_that_is_erased_has_no_bar(bench: Bench) -> None:
    bench.bars.bar(STUDY)
    bench.library.erase(STUDY, Erased.ASKED, "reader")
    assert bench.bars.studies() == frozenset()
