"""The sRGB profile that colour presentation states must carry. Source: PS3.3 C.11.15."""

from functools import cache

from PIL import ImageCms


@cache
def srgb_profile() -> bytes:
    """Return an sRGB input profile with a fixed date, so that the same report gives the same bytes."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[24:36] = bytes((0x07, 0xEA, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    made[84:100] = bytes(16)
    return bytes(made)
