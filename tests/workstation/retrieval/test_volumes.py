import pytest

from tests.workstation.decoding.objects import image, part10
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, PlayedHub, series_of, slice_of
from viewers.identifiers import SeriesUID
from viewers.image.memory import RESERVE_BYTES
from viewers.image.volume import FindingKind
from workstation.retrieval.errors import NothingThere, RetrievalCancelled
from workstation.retrieval.volumes import load_volumes


def test_a_held_series_becomes_its_volume(desk: Desk) -> None:
    desk.retrieval.pull(PlayedHub(list(reversed(series_of(7))), stated=7), STUDY)
    (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)
    assert volume.voxels.shape == (7, 8, 8)
    assert [int(volume.voxels[k, 0, 0]) for k in range(7)] == [1, 2, 3, 4, 5, 6, 7]
    assert (volume.slope, volume.intercept, volume.is_complete) == (1.0, -1024.0, True)


def test_a_volume_knows_what_never_came(desk: Desk) -> None:
    part10s = series_of(6)
    desk.retrieval.pull(PlayedHub(part10s[:4], stated=6), STUDY)
    (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)
    assert (volume.expected_slices, volume.is_complete) == (6, False)


def test_an_image_whose_pixels_are_refused_is_missing_and_said_so(desk: Desk) -> None:
    part10s = [*series_of(4), slice_of(5, Rows=9)]
    desk.retrieval.pull(PlayedHub(part10s, stated=5), STUDY)
    (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)
    assert len(volume.voxels) == 4
    assert not volume.is_complete
    assert FindingKind.REFUSED in {finding.kind for finding in volume.passport.findings}


def test_an_image_without_its_pixels_shows_as_a_gap_and_as_missing(desk: Desk) -> None:
    bare = slice_of(4)
    part10s = [*series_of(3), bare[: bare.index(b"\xe0\x7f\x10\x00")], slice_of(5), slice_of(6)]
    result = desk.retrieval.pull(PlayedHub(part10s, stated=6), STUDY)
    assert len(result.series[0].geometry["gaps"]) == 1
    (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)
    assert not volume.is_complete


def test_a_series_without_images_has_no_volume(desk: Desk) -> None:
    dataset = image(SOPInstanceUID="1.2.3.5.1", SeriesInstanceUID="1.2.3.5", Modality="SR")
    del dataset.PixelData, dataset.Rows
    desk.retrieval.pull(PlayedHub([part10(dataset)], stated=1, series=SeriesUID("1.2.3.5")), STUDY)
    with pytest.raises(NothingThere):
        load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SeriesUID("1.2.3.5"))


def test_loading_can_be_stopped(desk: Desk) -> None:
    desk.retrieval.pull(PlayedHub(series_of(3), stated=3), STUDY)
    with pytest.raises(RetrievalCancelled):
        load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES, lambda: True)


def test_a_series_too_large_for_the_memory_is_read_reduced(desk: Desk) -> None:
    desk.retrieval.pull(PlayedHub(series_of(6), stated=6), STUDY)
    few = RESERVE_BYTES + 6 * 4 * 4 * 2
    (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES, free_memory=lambda: few)
    assert volume.is_reduced
    assert volume.voxels.shape == (6, 4, 4)
    assert volume.is_complete


def test_an_image_that_is_refused_leaves_the_others_in_their_place(desk: Desk) -> None:
    part10s = [*series_of(2), slice_of(3, Rows=9), slice_of(4), slice_of(5), slice_of(6)]
    desk.retrieval.pull(PlayedHub(part10s, stated=6), STUDY)
    (volume,) = load_volumes(desk.catalogue, desk.held(), desk.pool, STUDY, SERIES)
    assert [int(volume.voxels[k, 0, 0]) for k in range(5)] == [1, 2, 4, 5, 6]
    assert volume.gap_after.tolist() == [False, True, False, False]
    assert volume.expected_slices == 6
