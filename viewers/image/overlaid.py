"""Volumes with what their senders laid over them."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID
from viewers.image.overlay import GROUPS, Overlay
from viewers.image.volume import Volume

Overlays = Mapping[tuple[InstanceUID, int], tuple[Overlay, ...]]


def overlays_of(masks: NDArray[np.uint16]) -> tuple[Overlay, ...]:
    """Return the overlays of one frame from the bits of its pixels, the lowest bit for the first group."""
    used = int(np.bitwise_or.reduce(masks, axis=None))
    return tuple(Overlay.of(group, masks >> bit & 1) for bit, group in enumerate(GROUPS) if used >> bit & 1)


def with_overlays(volume: Volume, overlays: Overlays) -> Volume:
    """Return the volume with the overlays of its slices; the same one where none has any."""
    by_slice = tuple(overlays.get((source.instance, source.frame_index), ()) for source in volume.sources)
    return replace(volume, overlays=by_slice) if any(by_slice) else volume
