"""Objects spoilt on the disk: never shown, fetched again by themselves, and missing in words where no hub has them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, PlayedHub, series_of, slice_of
from viewers.identifiers import InstanceUID
from viewers.image.volume import FindingKind
from workstation.domain.digest import Digest
from workstation.retrieval.errors import ObjectLost, SomeoneElsesImages
from workstation.retrieval.volumes import load_volumes

FLIPS = 200
COUNT = 8


def files(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "objects").rglob("*") if path.is_file())


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place // 8] ^= 1 << place % 8
    path.write_bytes(content)


def instance(number: int) -> InstanceUID:
    return InstanceUID(f"{SERIES}.{number}")


def test_two_hundred_flipped_bits_are_noticed_and_healed_and_none_is_shown(desk: Desk, tmp_path: Path) -> None:
    part10s = series_of(COUNT)
    hub = PlayedHub(part10s, stated=COUNT)
    desk.retrieval.pull(hub, STUDY)
    objects, generator = desk.held(hub), np.random.default_rng(20261122)
    for _ in range(FLIPS):
        path = files(tmp_path)[int(generator.integers(COUNT))]
        flip(path, int(generator.integers(8 * path.stat().st_size)))
        before = len(hub.single)
        for held, part10 in zip(desk.catalogue.instances(STUDY), part10s, strict=True):
            assert objects.get(held) == part10
        assert len(hub.single) == before + 1
    assert len(files(tmp_path)) == COUNT


def test_a_damaged_series_loads_whole_from_the_hub(desk: Desk, tmp_path: Path) -> None:
    hub = PlayedHub(series_of(COUNT), stated=COUNT)
    desk.retrieval.pull(hub, STUDY)
    flip(files(tmp_path)[2], 5_000)
    files(tmp_path)[5].unlink()
    (volume,) = load_volumes(desk.catalogue, desk.held(hub), desk.pool, STUDY, SERIES)
    assert len(volume.sources) == COUNT
    assert [finding.kind for finding in volume.passport.findings] == []
    assert desk.catalogue.refused(STUDY) == ()


def test_without_a_hub_it_is_missing_and_the_volume_says_so(desk: Desk, tmp_path: Path) -> None:
    for number, part10 in enumerate(series_of(COUNT), start=1):
        (tmp_path / f"{number}.dcm").write_bytes(part10)
    desk.importer.import_paths(sorted(tmp_path.glob("*.dcm")))
    spoilt = next(one for one in desk.catalogue.instances(STUDY) if one.reference.instance == instance(4))
    desk.objects.delete(instance(4))
    (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)
    assert FindingKind.GAP in [finding.kind for finding in volume.passport.findings]
    assert instance(4) not in [source.instance for source in volume.sources]
    with pytest.raises(ObjectLost):
        desk.held().get(spoilt)
    (refusal,) = desk.catalogue.refused(STUDY)
    assert (refusal.instance, desk.catalogue.expected(STUDY)) == (instance(4), {SERIES: COUNT})
    assert "counts as missing" in refusal.why
    desk.importer.import_paths([tmp_path / "4.dcm"])
    assert desk.catalogue.refused(STUDY) == ()
    assert desk.held().get(spoilt) == slice_of(4)


def test_a_hub_with_other_bytes_does_not_replace_what_is_damaged(desk: Desk, tmp_path: Path) -> None:
    desk.retrieval.pull(PlayedHub(series_of(1), stated=1), STUDY)
    flip(files(tmp_path)[0], 4_000)
    (held,) = desk.catalogue.instances(STUDY)
    liar = PlayedHub([slice_of(1, RescaleIntercept=0)], stated=1)
    with pytest.raises(ObjectLost):
        desk.held(PlayedHub(series_of(1), is_dead=True), liar).get(held)
    assert len(desk.catalogue.refused(STUDY)) == 1


def test_an_older_whole_file_of_the_same_object_is_not_shown(desk: Desk, tmp_path: Path) -> None:
    older, newer = slice_of(1, RescaleIntercept=0), slice_of(1)
    desk.objects.put(instance(1), older, durable=False)
    (path,) = files(tmp_path)
    replayed = path.read_bytes()
    desk.objects.delete(instance(1))
    hub = PlayedHub([newer], stated=1)
    desk.retrieval.pull(hub, STUDY)
    path.write_bytes(replayed)
    assert desk.objects.get(instance(1)) == older
    (held,) = desk.catalogue.instances(STUDY)
    assert desk.held(hub).get(held) == newer
    path.write_bytes(replayed)
    assert desk.retrieval.pull(hub, STUDY).is_complete
    assert desk.objects.get(instance(1)) == newer


@pytest.mark.parametrize("whole", [False, True])
def test_a_pull_heals_what_it_sees(desk: Desk, tmp_path: Path, whole: bool) -> None:
    hub = PlayedHub(series_of(COUNT), stated=COUNT)
    desk.retrieval.pull(hub, STUDY)
    cut, rotten = files(tmp_path)[1], files(tmp_path)[6]
    cut.write_bytes(cut.read_bytes()[:-1])
    flip(rotten, 8 * 500)
    assert desk.retrieval.pull(hub, STUDY, whole=whole).is_complete
    assert len(hub.single) == (2 if whole else 1)
    (volume,) = load_volumes(desk.catalogue, desk.held(hub), desk.pool, STUDY, SERIES)
    assert len(volume.sources) == COUNT
    assert len(hub.single) == 2


def test_a_pull_tells_of_what_is_spoilt_and_gone_from_the_hub(desk: Desk, tmp_path: Path) -> None:
    hub = PlayedHub(series_of(COUNT), stated=COUNT)
    desk.retrieval.pull(hub, STUDY)
    desk.objects.delete(instance(3))
    gone = replace(hub, is_dead=True)
    assert not desk.retrieval.pull(gone, STUDY).is_complete
    assert {one.instance for one in desk.catalogue.refused(STUDY)} == {instance(3)}
    assert len(desk.catalogue.instances(STUDY)) == COUNT - 1


def test_what_a_killed_pull_left_is_taken_up_without_a_transfer(desk: Desk) -> None:
    part10s = series_of(COUNT)
    desk.catalogue.begin_pull(STUDY)
    for number in (1, 2, 3, 5):
        desk.objects.put(instance(number), part10s[number - 1], durable=False, zero_preamble=True)
    hub = PlayedHub(part10s, stated=COUNT)
    assert desk.retrieval.pull(hub, STUDY).is_complete
    assert (hub.whole, sorted(hub.single)) == (0, [instance(number) for number in (4, 6, 7, 8)])
    assert not desk.catalogue.begin_pull(STUDY)


def test_what_was_left_is_looked_at_like_all_that_comes(desk: Desk) -> None:
    desk.catalogue.begin_pull(STUDY)
    desk.objects.put(instance(1), slice_of(1, PatientID="P2"), durable=False)
    hub = PlayedHub(series_of(COUNT), stated=COUNT)
    with pytest.raises(SomeoneElsesImages):
        desk.retrieval.pull(hub, STUDY)
    assert desk.is_empty()
    assert desk.retrieval.pull(hub, STUDY).is_complete


def test_what_was_left_with_a_changed_preamble_is_fetched_again(desk: Desk) -> None:
    part10s = [b"MZ" + slice_of(1)[2:], *series_of(COUNT)[1:]]
    desk.catalogue.begin_pull(STUDY)
    for number, part10 in enumerate(part10s, start=1):
        desk.objects.put(instance(number), part10, durable=False, zero_preamble=True)
    hub = PlayedHub(part10s, stated=COUNT)
    assert desk.retrieval.pull(hub, STUDY).is_complete
    assert (hub.whole, hub.single) == (0, [instance(1)])
    held = desk.catalogue.instance(instance(1))
    assert held is not None
    assert held.digest.text == Digest(part10s[0]).text
