"""The letters around a volume in 3D, read off the screen, against where a block of bone is seen."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.support.viewer_volumes import spatial_volume, straight_affine
from tests.viewers.qt.letter_reader import LetterReader
from tests.viewers.qt.stage import grabbed
from tests.viewers.qt.test_volume_viewport import LOOK
from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.labels import ViewportLabels
from viewers.qt.volume_viewport import VolumeViewport
from viewers.state.camera import Side
from viewers.state.resolve import resolve
from viewers.state.view_state import ViewKind, ViewState

pytestmark = pytest.mark.qt

SIZE = 240
STATE = ViewState(ViewportId("v4"), ViewKind.VOLUME)


def block() -> Volume:
    """Bone that lies to the left, to the back and towards the head of the middle."""
    voxels = np.full((40, 100, 100), -1000, np.int16)
    voxels[28:34, 62:74, 78:90] = 1000
    return spatial_volume(voxels, straight_affine())


@pytest.fixture
def widget(qtbot: QtBot) -> Iterator[VolumeViewport]:
    found = VolumeViewport(ViewportId("v4"), ViewportLabels())
    qtbot.addWidget(found)
    found.resize(SIZE, SIZE)
    found.show()
    yield found
    found.release()


def test_every_side_has_the_letters_of_what_is_seen_from_it(widget: VolumeViewport) -> None:
    volume, reader = block(), LetterReader(SIZE, SIZE)
    for side in Side:
        state = replace(STATE, look=replace(STATE.look, camera=STATE.look.camera.at_side(side)))
        resolved = resolve(state, volume, widget.size_in_pixels())
        widget.show_content(ViewportContent(volume, resolved), LOOK, "mip")
        pixels = grabbed(widget)
        grey = (np.ptp(pixels.astype(int), axis=2) == 0) & (pixels[:, :, 0] > 150)
        rows, columns = np.nonzero(grey[30:-30, 30:-30])
        read = reader.read(pixels)
        seen = {
            "right" if columns.mean() + 30 > SIZE / 2 else "left",
            "bottom" if rows.mean() + 30 > SIZE / 2 else "top",
        }
        assert {edge for edge, letter in read.items() if letter in "LPH"} == seen, side
