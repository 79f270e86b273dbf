"""Key images in the document are the pictures that the reader saw, shutter, tables and deep colour included."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from tests.support.phantoms import SERIES, axial_grid, frame_of, ramp, volume_of
from viewers.identifiers import StudyUID
from viewers.image.assemble import assemble
from viewers.image.description import PixelFormat
from viewers.image.display import display_slice
from viewers.image.lookup import LookupTable
from viewers.image.pixels import default_window
from viewers.image.shutter import Shutter
from viewers.image.volume import Volume
from workstation.reading.images import Images
from workstation.reading.key_pictures import KeyPictures
from workstation.report.model import ReportImage

GRID = axial_grid([0.0, 1.0], size=20)
FALLING = LookupTable(0, 8, np.arange(255, -1, -1).astype("<u2").tobytes())


def deep_colour() -> Volume:
    frame = replace(frame_of(GRID, 0, "XC"), geometry=None, format=PixelFormat(20, 20, 3, 16, 16, False, "RGB"))
    samples = np.arange(20 * 20 * 3).reshape(20, 20, 3).astype(np.uint16) * 50
    (volume,) = assemble([frame], {(frame.instance, 0): samples})
    return volume


@pytest.mark.parametrize(
    "volume",
    [
        volume_of(GRID, ramp, shutter=Shutter(box=(5, 14, 5, 14), level=80)),
        volume_of(GRID, ramp, presentation=FALLING),
        deep_colour(),
    ],
    ids=["shutter", "presentation table", "colour of 16 bits"],
)
def test_a_key_image_is_drawn_as_the_viewport_shows_it(volume: Volume) -> None:
    source = volume.sources[0]
    reference = SimpleNamespace(study=StudyUID("1.2.3"), series=SERIES, instance=source.instance)
    image = SimpleNamespace(
        stored=SimpleNamespace(reference=reference), frame_index=0, key=(source.instance, source.frame_index)
    )
    pictures = KeyPictures(Images(lambda _study, _series: (volume,))).draw([cast("ReportImage", image)])
    wanted = display_slice(volume, 0, default_window(volume, 0), volume.voi_function, volume.inverted)
    assert len(np.unique(wanted)) > 2
    assert np.array_equal(pictures[source.instance, 0], wanted)
