"""Values on lossy, partial or reduced pixels are said to be so, and are measured again when the pixels are replaced."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.support.viewer_volumes import ramp, spatial_volume, straight_affine
from tests.viewers.qt.stage import STACK, Stage, grabbed
from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.labels import ViewportLabels
from viewers.qt.overlay import drawn_marks, view_plane
from viewers.tools.registry import TOOLS, measure

pytestmark = pytest.mark.qt

SHAPE = (20, 100, 100)
WHOLE = spatial_volume(ramp(SHAPE, (1, 2, 3)), straight_affine())
LOSSY = spatial_volume((ramp(SHAPE, (1, 2, 3)) + 40).astype(np.int16), straight_affine(), lossy=True)
GROWING = spatial_volume(ramp(SHAPE, (1, 2, 3)), straight_affine(), expected=40)
FLAGS = {"lossy": (LOSSY, "on lossy pixels"), "partial": (GROWING, "on incomplete images")}


def marked(stage: Stage) -> Annotation:
    on = view_plane(ViewportContent(stage.volume, stage.resolved()), 1.0)
    points = TOOLS["ellipse"].build((on.to_space((150.0, 150.0)), on.to_space((220.0, 230.0))), on)
    target = on.target
    return Annotation(
        AnnotationId("a"), "ellipse", points, target.frame_of_reference, target.series, target.instance, text="Lesion"
    )


def said(stage: Stage) -> tuple[str, ...]:
    """The label of the one mark, as the viewport would draw it."""
    content = ViewportContent(stage.volume, stage.resolved(), stage.marks)
    (mark,) = drawn_marks(
        content, view_plane(content, 1.0), None, lambda one: measure(one, content.volume), ViewportLabels()
    )
    return mark.label.lines


@pytest.mark.parametrize(("before", "words"), FLAGS.values(), ids=FLAGS.keys())
def test_when_better_pixels_come_the_values_change_and_the_words_go(before: Volume, words: str, qtbot: QtBot) -> None:
    stage = Stage(qtbot, before, STACK)
    stage.marks = (marked(stage),)
    stage.show()
    assert words in said(stage)
    provisional = grabbed(stage.widget)
    stage.volume = WHOLE
    stage.show()
    assert words not in said(stage)
    final = grabbed(stage.widget)
    fresh = Stage(qtbot, WHOLE, STACK)
    fresh.marks = stage.marks
    fresh.show()
    assert np.array_equal(final, grabbed(fresh.widget))
    assert not np.array_equal(final, provisional)


def test_voxels_filled_in_place_are_measured_again_at_the_next_revision(qtbot: QtBot) -> None:
    voxels = np.zeros(SHAPE, np.int16)
    stage = Stage(qtbot, spatial_volume(voxels, straight_affine()), STACK)
    stage.marks = (marked(stage),)
    content = ViewportContent(stage.volume, stage.resolved(), stage.marks)
    stage.widget.show_content(content)
    empty = grabbed(stage.widget)
    voxels[:] = WHOLE.voxels
    stage.widget.show_content(replace(content, revision=1))
    filled = grabbed(stage.widget)
    fresh = Stage(qtbot, WHOLE, STACK)
    fresh.marks = stage.marks
    fresh.show()
    assert np.array_equal(filled, grabbed(fresh.widget))
    assert not np.array_equal(filled, empty)
