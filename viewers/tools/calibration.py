"""A line over something of known length: it measures nothing, it says how large the pixels of its image are."""

from viewers.annotations.calibration import CALIBRATION
from viewers.annotations.measure import nothing
from viewers.tools.base import ToolSpec, as_drawn, move_one, two_points
from viewers.tools.length import segment

CALIBRATION_TOOL = ToolSpec(
    id=CALIBRATION,
    point_count=2,
    build=two_points,
    drag=move_one,
    settle=as_drawn,
    shapes=segment,
    measure=nothing,
    concept=None,
    asks_text=True,
)
