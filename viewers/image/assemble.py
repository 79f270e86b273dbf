"""The volumes of one series, allocated once and filled frame by frame, so that no frame lies in memory twice.

Every frame received is in exactly one volume, or counted as refused or left out.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID
from viewers.image.ahead import SlicesAhead
from viewers.image.allocation import allocate, as_volume, fill_slice
from viewers.image.description import FrameDescription
from viewers.image.memory import free_memory_bytes
from viewers.image.plan import plan
from viewers.image.reduction import fitted
from viewers.image.volume import FindingKind, GeometryFinding, Volume

# Values go to memory that is new for each slice, which takes the system as long as the copy: several cores share both.
_MOST_THREADS = 4
_SHARED_FRAMES = 16

Pixels = Mapping[tuple[InstanceUID, int], NDArray[np.generic]]


class Filling:
    """Volumes in the making. Frames may be filled in from several threads; each has a place of its own."""

    def __init__(
        self, frames: Sequence[FrameDescription], free_bytes: int | None, ahead: SlicesAhead | None = None
    ) -> None:
        """Allocate the volumes of ``frames``, reduced where ``free_bytes`` are too few.

        A single volume whose slices lie ``ahead`` in their places is filled.

        Raises
        ------
        VolumeTooLarge
            Even reduced they do not fit; nothing was allocated.
        """
        plans = plan(frames)
        ready = ahead.voxels_of(plans[0]) if ahead is not None and len(plans) == 1 else None
        self._is_filled = ready is not None
        self._plans = fitted(plans, free_bytes) if ready is None else plans
        self._voxels = [allocate(planned) for planned in self._plans] if ready is None else [ready]
        self._places = {
            (frame.instance, frame.frame_index): (number, k)
            for number, planned in enumerate(self._plans)
            for k, frame in enumerate(planned.frames)
        }

    def fill(self, instance: InstanceUID, frame_index: int, pixels: NDArray[np.generic]) -> None:
        """Put the stored values of one frame in their place; a frame that was left out has none.

        Raises
        ------
        PixelsUnexpected
            An array is not what its description says.
        """
        place = self._places.get((instance, frame_index))
        if place is not None and not self._is_filled:
            number, k = place
            fill_slice(self._plans[number], self._voxels[number], k, pixels)

    def fill_all(self, frames: Sequence[FrameDescription], pixels: Pixels) -> None:
        """Put the stored values of many frames in their places, by several threads.

        Raises
        ------
        PixelsUnexpected
            As ``fill``.
        """

        def fill(run: Sequence[FrameDescription]) -> None:
            for frame in run:
                self.fill(frame.instance, frame.frame_index, pixels[frame.instance, frame.frame_index])

        if self._is_filled:
            return
        threads = max(1, min(_MOST_THREADS, os.cpu_count() or 1, len(frames) // _SHARED_FRAMES))
        if threads == 1:
            fill(frames)
            return
        with ThreadPoolExecutor(threads, "filling") as executor:
            for done in [executor.submit(fill, frames[first::threads]) for first in range(threads)]:
                done.result()

    def volumes(self, missing: int | None, refused: int) -> tuple[Volume, ...]:
        """Return the volumes; ``missing`` frames are known to lack, ``None`` where nobody knows how many there are."""
        made: list[Volume] = []
        for planned, voxels in zip(self._plans, self._voxels, strict=True):
            left_out = sum(finding.count for finding in planned.passport.of(FindingKind.REDUCED))
            # With several volumes nobody knows which one the missing frames belong to: none is called complete.
            expected = None if missing is None and not left_out else len(planned.frames) + (missing or 0) + left_out
            made.append(_with_refused(as_volume(planned, voxels, expected), refused))
        return tuple(made)


def assemble(
    frames: Sequence[FrameDescription], pixels: Pixels, expected: int | None = None, ahead: SlicesAhead | None = None
) -> tuple[Volume, ...]:
    """Return the volumes of one series.

    ``pixels`` holds stored values by instance and frame index, shape (rows, columns) or (rows, columns, 3); a frame
    without them was refused by the decoder and is counted in a finding. ``expected`` is the number of frames that the
    series should have, where it is known; ``ahead`` may hold slices that were put together as they came.

    Raises
    ------
    VolumeTooLarge
        There is not enough memory; nothing was allocated.
    PixelsUnexpected
        An array is not what its description says.
    """
    decoded = [frame for frame in frames if (frame.instance, frame.frame_index) in pixels]
    filling = Filling(decoded, free_memory_bytes(), ahead)
    filling.fill_all(decoded, pixels)
    refused = len(frames) - len(decoded)
    known = expected is not None or refused > 0
    return filling.volumes(max(0, (expected or 0) - len(decoded), refused) if known else None, refused)


def _with_refused(volume: Volume, count: int) -> Volume:
    if count == 0:
        return volume
    finding = GeometryFinding(FindingKind.REFUSED, count=count)
    passport = replace(volume.passport, findings=(*volume.passport.findings, finding))
    return replace(volume, passport=passport)
