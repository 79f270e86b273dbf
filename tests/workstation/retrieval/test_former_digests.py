"""What an earlier version entered with a SHA-256 is known again, told from other bytes, and keeps its digest."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, PlayedHub, series_of, slice_of
from viewers.identifiers import InstanceUID
from workstation.domain.digest import Digest

COUNT = 4
FIRST = InstanceUID(f"{SERIES}.1")


def former(part10: bytes) -> str:
    """What an earlier version wrote of an object."""
    return hashlib.sha256(part10).hexdigest()


def present(part10: bytes) -> str:
    return Digest(part10).text


def hold_as_before(desk: Desk, part10s: list[bytes]) -> None:
    """Hold a series as an earlier version left it, complete."""
    entered = [replace(desk.pool.inspect(one), digest=Digest.known(former(one))) for one in part10s]
    for one, part10 in zip(entered, part10s, strict=True):
        desk.objects.put(one.instance, part10, durable=False, zero_preamble=True, digest=former(part10))
    desk.catalogue.record_all(entered, "hub")
    desk.catalogue.expect(STUDY, SERIES, len(entered))


def digests(desk: Desk) -> list[str]:
    return [one.digest.text for one in desk.catalogue.instances(STUDY)]


def written(folder: Path, *part10s: bytes) -> list[Path]:
    paths = [folder / f"{number}.dcm" for number in range(len(part10s))]
    for path, part10 in zip(paths, part10s, strict=True):
        path.write_bytes(part10)
    return paths


def test_a_held_series_is_sound_and_no_object_of_it_is_fetched_again(desk: Desk) -> None:
    part10s = series_of(COUNT)
    hold_as_before(desk, part10s)
    hub = PlayedHub(part10s, stated=COUNT)
    assert desk.retrieval.pull(hub, STUDY, whole=True).is_complete
    assert (hub.whole, hub.single) == (0, [])
    held = desk.held()
    assert [held.get(one) for one in desk.catalogue.instances(STUDY)] == part10s


@pytest.mark.parametrize("is_former", [True, False])
def test_the_same_bytes_are_known_again_and_others_are_set_aside(desk: Desk, tmp_path: Path, is_former: bool) -> None:
    part10s, other = series_of(COUNT), slice_of(1, RescaleIntercept=0)
    if is_former:
        hold_as_before(desk, part10s)
    else:
        desk.retrieval.pull(PlayedHub(part10s, stated=COUNT), STUDY)
    before = digests(desk)
    assert before == [*map(former if is_former else present, part10s)]
    assert desk.importer.import_paths(written(tmp_path, *part10s)).refused == ()
    assert desk.catalogue.quarantined(STUDY) == {}
    assert len(desk.importer.import_paths(written(tmp_path, other)).refused) == 1
    assert set(desk.catalogue.quarantined(STUDY)) == {FIRST}
    assert digests(desk) == before
    assert desk.objects.get(FIRST, before[0]) == part10s[0]


def test_what_is_spoilt_comes_anew_under_the_digest_it_was_entered_with(desk: Desk) -> None:
    part10s = series_of(COUNT)
    hold_as_before(desk, part10s)
    hub = PlayedHub(part10s, stated=COUNT)
    first, second = desk.catalogue.instances(STUDY)[:2]
    desk.objects.delete(first.reference.instance)
    assert desk.retrieval.pull(hub, STUDY).is_complete
    desk.objects.delete(second.reference.instance)
    assert desk.held(hub).get(second) == part10s[1]
    assert desk.retrieval.pull(hub, STUDY, whole=True).is_complete
    assert hub.single == [first.reference.instance, second.reference.instance]
    assert digests(desk) == [*map(former, part10s)]


def test_other_bytes_heal_nothing_that_is_spoilt(desk: Desk) -> None:
    part10s = series_of(COUNT)
    hold_as_before(desk, part10s)
    desk.objects.delete(FIRST)
    liar = PlayedHub([slice_of(1, RescaleIntercept=0), *part10s[1:]], stated=COUNT)
    assert not desk.retrieval.pull(liar, STUDY).is_complete
    assert not desk.objects.has(FIRST)


def test_what_a_killed_pull_of_an_earlier_version_left_is_taken_up_without_a_transfer(desk: Desk) -> None:
    part10s = series_of(COUNT)
    desk.catalogue.begin_pull(STUDY)
    for number, part10 in enumerate(part10s[1:], start=2):
        instance = InstanceUID(f"{SERIES}.{number}")
        desk.objects.put(instance, part10, durable=False, zero_preamble=True, digest=former(part10))
    hub = PlayedHub(part10s, stated=COUNT)
    assert desk.retrieval.pull(hub, STUDY).is_complete
    assert (hub.whole, hub.single) == (0, [FIRST])
    assert digests(desk) == [*map(present, part10s)]
    assert desk.retrieval.pull(hub, STUDY, whole=True).is_complete
    assert hub.single == [FIRST]
