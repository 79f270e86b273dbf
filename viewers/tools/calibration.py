"""A line over something of known length: it measures nothing, it says how large the pixels of its image are."""

from viewers.annotations.calibration import CALIBRATION
from viewers.annotations.values import nothing
from viewers.tools.base import ToolSpec
from viewers.tools.length import segment
from viewers.tools.shapes import as_drawn, move_one, one_line, two_ends

CALIBRATION_TOOL = ToolSpec(
    id=CALIBRATION,
    anchors=2,
    counts=range(2, 3),
    build=two_ends,
    drag=move_one,
    settle=as_drawn,
    shapes=segment,
    graphics=one_line,
    measure=nothing,
    values=(),
    asks_text=True,
)
