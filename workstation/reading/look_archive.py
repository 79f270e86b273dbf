"""How a volume is looked at in 3D, as JSON; an archive from before there was such a thing gives the default."""

from typing import Any

from viewers.geometry.frame import Vector3
from viewers.state.camera import VolumeCamera
from viewers.state.volume_look import ClippingBox, VolumeLook


def write_look(look: VolumeLook) -> dict[str, object] | None:
    """Return what is kept of a look; nothing of the default one."""
    if look == VolumeLook():
        return None
    camera = look.camera
    return {
        "preset": look.preset,
        "camera": [camera.azimuth_degrees, camera.elevation_degrees, camera.zoom, *camera.pan_mm],
        "box": [*look.box.low, *look.box.high],
        "is_box_shown": look.is_box_shown,
        "is_shaded": look.is_shaded,
    }


def read_look(content: Any) -> VolumeLook:
    """Return the look.

    Raises
    ------
    ValueError, KeyError, TypeError
        The archive is damaged.
    """
    if content is None:
        return VolumeLook()
    azimuth, elevation, zoom, right, down = (float(number) for number in content["camera"])
    low, high = content["box"][:3], content["box"][3:]
    return VolumeLook(
        preset=str(content["preset"]),
        camera=VolumeCamera(azimuth, elevation, zoom, (right, down)),
        box=ClippingBox(_vector(low), _vector(high)),
        is_box_shown=bool(content["is_box_shown"]),
        is_shaded=bool(content["is_shaded"]),
    )


def _vector(values: list[Any]) -> Vector3:
    x, y, z = values
    return float(x), float(y), float(z)
