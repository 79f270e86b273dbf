"""The table of measuring tools, one line per tool, and what depends on the whole table."""

from collections.abc import Mapping
from types import MappingProxyType

from viewers.annotations.errors import NotMeasured, UnknownTool, WrongPointCount
from viewers.annotations.model import Annotation, Measurement
from viewers.annotations.values import Measured, slice_of
from viewers.image.description import SpacingSource
from viewers.image.volume import Volume
from viewers.tools.angle import ANGLE_TOOL
from viewers.tools.arrow import ARROW_TOOL
from viewers.tools.base import ToolSpec
from viewers.tools.bidirectional import BIDIRECTIONAL_TOOL
from viewers.tools.calibration import CALIBRATION_TOOL
from viewers.tools.ellipse import ELLIPSE_TOOL
from viewers.tools.freehand import FREEHAND_TOOL
from viewers.tools.length import LENGTH_TOOL
from viewers.tools.probe import PROBE_TOOL

TOOLS: Mapping[str, ToolSpec] = MappingProxyType(
    {
        LENGTH_TOOL.id: LENGTH_TOOL,
        BIDIRECTIONAL_TOOL.id: BIDIRECTIONAL_TOOL,
        ANGLE_TOOL.id: ANGLE_TOOL,
        ELLIPSE_TOOL.id: ELLIPSE_TOOL,
        FREEHAND_TOOL.id: FREEHAND_TOOL,
        PROBE_TOOL.id: PROBE_TOOL,
        ARROW_TOOL.id: ARROW_TOOL,
        CALIBRATION_TOOL.id: CALIBRATION_TOOL,
    }
)


def tool_of(annotation: Annotation) -> ToolSpec:
    """Return the tool that made a mark.

    Raises
    ------
    UnknownTool
        No tool has the id.
    WrongPointCount
        The mark does not have the points of its tool.
    """
    tool = TOOLS.get(annotation.tool)
    if tool is None:
        raise UnknownTool(f"no tool {annotation.tool!r}", tool=annotation.tool)
    found = len(annotation.points_lps)
    if found not in tool.counts:
        least, most = tool.counts.start, tool.counts.stop - 1
        expected = f"{least}" if least == most else f"{least} \N{EN DASH} {most}"
        raise WrongPointCount(f"{found} points for {tool.id}", tool=tool.id, found=found, expected=expected)
    return tool


def measure(annotation: Annotation, volume: Volume) -> Measurement:
    """Measure a mark on the volume it lies on, with the measure of its tool.

    What has no value (a mark across ultrasound regions, pixels of colour) has a refusal that says so.

    Raises
    ------
    UnknownTool, WrongPointCount
        The mark is not of a tool of the table.
    ForeignSpace
        The mark does not lie on ``volume``.
    """
    try:
        measured = tool_of(annotation).measure(annotation, volume)
    except NotMeasured as refused:
        measured = Measured((), refused.key)
    values = measured.values
    used = next((value.spacing for value in values if value.spacing is not SpacingSource.NONE), SpacingSource.NONE)
    return Measurement(annotation, values, str(used), measured.refusal, slice_of(annotation, volume))
