"""Volumes are kept for the case that is open, and for no other."""

from tests.support.phantoms import axial_grid, smooth, volume_of
from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.volume import Volume
from workstation.reading.images import Images

STUDY, SERIES = StudyUID("1.2"), SeriesUID("1.2.3")


def slices(count: int) -> tuple[Volume, ...]:
    return (volume_of(axial_grid([float(z) for z in range(count)]), smooth),)


def test_what_a_closed_case_still_loads_is_not_kept_beside_the_next_one() -> None:
    loads: list[SeriesUID] = []

    def load(_study: StudyUID, series: SeriesUID) -> tuple[Volume, ...]:
        loads.append(series)
        if len(loads) == 1:
            images.forget()
        return slices(3)

    images = Images(load)
    images.volumes(STUDY, SERIES)
    images.volumes(STUDY, SERIES)
    images.volumes(STUDY, SERIES)
    assert len(loads) == 2


def test_fewer_images_than_are_here_take_the_place_of_none() -> None:
    images = Images(lambda _study, _series: slices(4))
    assert images.lend(SERIES, slices(2))
    assert images.lend(SERIES, slices(3))
    assert not images.lend(SERIES, slices(2))
    images.volumes(STUDY, SERIES)
    assert not images.lend(SERIES, slices(4))
    assert images.lend(SERIES, slices(5))
