"""The table of measuring tools, one line per tool, and what depends on the whole table."""

from collections.abc import Mapping
from types import MappingProxyType

from viewers.annotations.errors import AcrossRegions, UnknownTool, WrongPointCount
from viewers.annotations.model import Annotation, Measurement
from viewers.image.description import SpacingSource
from viewers.image.volume import Volume
from viewers.tools.arrow import ARROW_TOOL
from viewers.tools.base import ToolSpec
from viewers.tools.calibration import CALIBRATION_TOOL
from viewers.tools.ellipse import ELLIPSE_TOOL
from viewers.tools.length import LENGTH_TOOL

TOOLS: Mapping[str, ToolSpec] = MappingProxyType(
    {
        LENGTH_TOOL.id: LENGTH_TOOL,
        ELLIPSE_TOOL.id: ELLIPSE_TOOL,
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
    if found != tool.point_count:
        raise WrongPointCount(f"{found} points for {tool.id}", tool=tool.id, found=found, expected=tool.point_count)
    return tool


def measure(annotation: Annotation, volume: Volume) -> Measurement:
    """Measure a mark on the volume it lies on, with the measure of its tool.

    A mark across ultrasound regions has no values, and a refusal that says so.

    Raises
    ------
    UnknownTool, WrongPointCount
        The mark is not of a tool of the table.
    ForeignSpace
        The mark does not lie on ``volume``.
    """
    try:
        values = tool_of(annotation).measure(annotation, volume)
    except AcrossRegions as refused:
        return Measurement(annotation, (), str(SpacingSource.NONE), refused.key)
    used = next((value.spacing for value in values if value.spacing is not SpacingSource.NONE), SpacingSource.NONE)
    return Measurement(annotation, values, str(used))
