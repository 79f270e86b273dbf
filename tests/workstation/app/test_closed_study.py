"""A study that is closed since its hub names its patient otherwise: the ways out that a person can take."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.reports import READER
from tests.workstation.retrieval.desk import STUDY, PlayedHub, slice_of
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.contradiction import Contradiction
from workstation.domain.identity import Trait
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.store.errors import StudyNeeded

FORMER = {"PatientID": "P1", "PatientBirthDate": "19000101"}


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """A profile that holds two images as they were named formerly."""
    with open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core:
        core.store.settings.set_reader(READER)
        assert core.retrieval.pull(hub(2, **FORMER), STUDY).is_complete
        yield core


def hub(count: int, **patient: str) -> PlayedHub:
    return PlayedHub([slice_of(n, **patient) for n in range(1, count + 1)], stated=count)


def closed(core: Core, **patient: str) -> tuple[Contradiction, ...]:
    """Have the study closed as another image comes of it, and return why."""
    held = [slice_of(n, **FORMER) for n in (1, 2)]
    with pytest.raises(SomeoneElsesImages):
        core.retrieval.pull(PlayedHub([*held, slice_of(3, **patient)], stated=3), STUDY)
    assert core.store.bars.studies() == {STUDY}
    return core.store.bars.contradictions(STUDY)


@pytest.mark.parametrize(
    ("corrected", "traits"),
    [
        ({"PatientID": "P1", "PatientBirthDate": "19660412"}, (Trait.BIRTH_DATE,)),
        ({"PatientID": "P2", "PatientBirthDate": "19660412"}, (Trait.IDENTIFIER, Trait.BIRTH_DATE)),
    ],
    ids=["birth date", "identifier"],
)
def test_what_a_person_admitted_comes_from_then_on_and_anything_else_closes_it_again(
    core: Core, corrected: dict[str, str], traits: tuple[Trait, ...]
) -> None:
    (found,) = closed(core, **corrected)
    assert found.traits == traits
    assert (found.known[-1], found.came[-1]) == ("19000101", "19660412")
    core.store.bars.admit(STUDY, [found])
    held = [slice_of(n, **FORMER) for n in (1, 2)]
    assert core.retrieval.pull(PlayedHub([*held, slice_of(3, **corrected)], stated=3), STUDY).is_complete
    assert core.store.bars.studies() == frozenset()
    for other in ({"PatientBirthDate": "19660413"}, {"PatientID": "P3"}):
        stranger = slice_of(4, **{**corrected, **other})
        with pytest.raises(SomeoneElsesImages):
            core.retrieval.pull(PlayedHub([*held, slice_of(3, **corrected), stranger], stated=4), STUDY)
        assert len(core.store.bars.contradictions(STUDY)) == 1
        core.store.bars.lift(STUDY)


@pytest.mark.parametrize("is_admitted", [False, True], ids=["closed", "admitted"])
def test_a_closed_study_is_erased_although_it_is_being_read_and_comes_anew(core: Core, is_admitted: bool) -> None:
    core.drafting.resume_or_begin(STUDY, None, READER, "en")
    with pytest.raises(StudyNeeded):
        core.housekeeping.erase(STUDY)
    found = closed(core, PatientID="P1", PatientBirthDate="19660412")
    if is_admitted:
        core.store.bars.admit(STUDY, found)
    assert core.housekeeping.erase(STUDY) == 2
    assert core.store.bars.contradictions(STUDY) == ()
    assert core.retrieval.pull(hub(3, PatientID="P1", PatientBirthDate="19660412"), STUDY).is_complete
    assert core.store.catalogue.study(STUDY) is not None
