"""Priors are searched on every hub of the profile, by identifier; hubs that do not answer are named, at signing too."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.hub_clients import client_of
from tests.support.reports import READER
from tests.support.two_hubs import (
    CURRENT,
    NAMED,
    NORTH,
    OLD,
    PATIENT,
    SOUTH,
    HubProcess,
    hub_processes,
    study,
    two_hubs,
)
from tests.workstation.hub.test_ups import REQUEST
from viewers.identifiers import StudyUID
from workstation.app.core import Core, open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName, RequestId, new_uid
from workstation.domain.request import Request
from workstation.domain.study import StudyReference
from workstation.hub.errors import HubUnreachable
from workstation.reading.priors import FoundPriors

MIRROR = HubName("mirror")


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    with open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as opened:
        yield opened


@pytest.fixture
def hubs(tmp_path: Path, core: Core) -> Iterator[list[HubProcess]]:
    with two_hubs(tmp_path) as both:
        for one in both:
            core.store.settings.add_hub(one.settings)
        yield both


def request(**changes: object) -> Request:
    asked = replace(
        REQUEST, id=RequestId(new_uid()), hub=NORTH, patient=PATIENT, studies=(StudyReference(CURRENT, NORTH),),
        priors=(), first_reports=(),
    )  # fmt: skip
    return replace(asked, **changes)


def places(found: FoundPriors) -> list[tuple[str, str | None]]:
    return [(one.uid, one.hub) for one in found.priors]


def test_the_priors_of_every_hub_are_found_and_a_killed_hub_is_named(core: Core, hubs: list[HubProcess]) -> None:
    both = core.priors.of(request(priors=(StudyReference(NAMED, NORTH),)))
    assert places(both) == [(NAMED, NORTH), (OLD, SOUTH)]
    assert both.silent == ()
    assert both.left_out == 1
    elsewhere = core.priors.of(request(studies=(StudyReference(StudyUID("2.25.77"), NORTH),)))
    assert places(elsewhere) == [(CURRENT, NORTH), (NAMED, NORTH), (OLD, SOUTH)]
    assert elsewhere.left_out == 1
    core.retrieval.pull(core.hubs.reading(NORTH), NAMED)
    hubs[1].kill()
    one = core.priors.of(request())
    assert places(one) == [(NAMED, NORTH)]
    assert [(silent.hub, type(silent.error)) for silent in one.silent] == [(SOUTH, HubUnreachable)]
    hubs[0].kill()
    none = core.priors.of(request(priors=(StudyReference(OLD, SOUTH),)))
    assert places(none) == [(NAMED, None), (OLD, SOUTH)]
    assert none.silent_names == (NORTH, SOUTH)


def test_the_birth_date_of_the_study_that_is_read_counts_where_the_request_states_none(
    core: Core, hubs: list[HubProcess]
) -> None:
    found = core.priors.of(request(patient=replace(PATIENT, birth_date="", sex="")))
    assert [one.uid for one in found.priors] == [NAMED, OLD]
    assert found.left_out == 1


def test_nothing_is_searched_by_the_name_alone_or_by_a_pattern(core: Core, hubs: list[HubProcess]) -> None:
    pattern = core.priors.of(request(patient=replace(PATIENT, patient_id="4*")))
    assert (pattern.priors, pattern.left_out, pattern.silent) == ((), 0, ())
    hubs[1].kill()
    found = core.priors.of(request(patient=replace(PATIENT, patient_id=""), priors=(StudyReference(NAMED, NORTH),)))
    assert places(found) == [(NAMED, NORTH)]
    assert found.priors[0].date == "20250110"
    assert found.silent_names == (SOUTH,)
    assert not found.is_searched


def test_the_search_before_signing_names_the_silent_hub_and_the_limits_say_so(
    core: Core, hubs: list[HubProcess]
) -> None:
    with client_of(hubs[0].url) as client:
        client.place(request())
    asked = core.worklist.refresh().requests[0]
    core.retrieval.pull(core.hubs.reading(NORTH), CURRENT)
    draft = core.drafting.begin(CURRENT, asked, READER, "en")
    context = core.case_file.context(draft, READER, demonstration=True)
    assert places(FoundPriors(context.priors)) == [(NAMED, NORTH), (OLD, SOUTH)]
    assert context.unreachable_hubs == ()
    hubs[1].kill()
    checks = {one.id: one for one in core.finishing.checks(draft, READER, demonstration=True)}
    told = checks["priors-unreachable"]
    assert told.acceptable
    assert told.accept(core.words).sentence == "Prior studies could not be searched on: south."


def test_a_mirror_answers_for_its_hub_and_is_no_hub_by_itself(core: Core, tmp_path: Path) -> None:
    prior = study(OLD, "20200110")
    with hub_processes(tmp_path, {NORTH: [prior], MIRROR: [prior]}) as (north, mirror):
        core.store.settings.add_hub(north.settings)
        core.store.settings.add_hub(HubSettings(MIRROR, mirror.url, mirror_of=NORTH))
        assert places(core.priors.of(request())) == [(OLD, NORTH)]
        north.kill()
        found = core.priors.of(request())
        assert (places(found), found.silent) == ([(OLD, NORTH)], ())
        mirror.kill()
        assert core.priors.of(request()).silent_names == (NORTH,)


def test_a_hub_that_takes_too_long_is_silent_and_nobody_waits_for_it(core: Core) -> None:
    for name in (NORTH, SOUTH):
        core.store.settings.add_hub(HubSettings(name, "http://127.0.0.1:9/dicom-web"))
    gate = threading.Event()

    def ask(hub: HubName) -> StudyUID:
        if hub == SOUTH:
            gate.wait(20)
        return OLD

    answers = core.hubs.ask_each(ask, 0.3)
    cancelled = core.hubs.ask_each(ask, 60, lambda: True)
    gate.set()
    assert isinstance(cancelled[SOUTH], HubUnreachable)
    assert answers[NORTH] == OLD
    assert isinstance(answers[SOUTH], HubUnreachable)
