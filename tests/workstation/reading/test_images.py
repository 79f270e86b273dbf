"""Volumes are kept for the case that is open, and for no other."""

from dataclasses import replace

import numpy as np

from tests.support.phantoms import axial_grid, smooth, volume_of
from viewers.annotations.model import Annotation
from viewers.geometry.frame import as_vector
from viewers.identifiers import AnnotationId, SeriesUID, StudyUID
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


def test_what_was_measured_on_a_lossy_preview_is_measured_again_on_the_images() -> None:
    (whole,) = slices(3)
    lossy = replace(whole, voxels=whole.voxels + np.int16(30), lossy=True)
    images = Images(lambda _study, _series: (whole,))
    first = whole.sources[0]
    place = as_vector(whole.slice_origins_lps[0])
    mark = Annotation(AnnotationId("a"), "probe", (place,), whole.frame_of_reference, SERIES, first.instance)
    assert images.lend(SERIES, (lossy,))
    (provisional,) = images.measure(STUDY, mark).values
    images.settle(SERIES, (whole,))
    (final,) = images.measure(STUDY, mark).values
    assert (provisional.on_lossy, final.on_lossy) == (True, False)
    assert provisional.value == final.value + 30.0 * whole.slope
