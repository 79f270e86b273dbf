"""What one viewport may take over from another."""

from enum import StrEnum


class LinkKind(StrEnum):
    """What is taken over."""

    CROSSHAIR = "crosshair"
    ORIENTATION = "orientation"
    POSITION = "position"
    WINDOW = "window"
    ZOOM_PAN = "zoom_pan"
