"""What ``requis snapshot`` may show of a volume: a plane cut through it, or one of its slices as it was received."""

import argparse
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from viewers.geometry.plane import ImagePlane
from viewers.image.description import Window
from viewers.image.display import display_slice
from viewers.image.pixels import default_window, slice_values
from viewers.image.reslice import sample_plane, sample_window
from viewers.image.sampling import Slab
from viewers.image.volume import Volume
from workstation.cli.errors import NoSuchSlice, PlaneRefused
from workstation.cli.planes import plane_of, slab_of


class View(Protocol):
    """One picture, not yet made."""

    @property
    def size(self) -> str:
        """Width and height, for people."""

    def values(self) -> NDArray[np.float32]:
        """Return modality values, shape (height, width), or (height, width, 3) for colour."""

    def picture(self) -> NDArray[np.uint8]:
        """Return display values of the same shape."""

    def describe(self) -> dict[str, Any]:
        """Return what scripts are told of it."""


@dataclass(frozen=True, slots=True)
class PlaneView:
    """A plane through a volume that has a place in the patient."""

    volume: Volume
    plane: ImagePlane
    slab: Slab | None
    window: Window

    @property
    def size(self) -> str:
        """Width and height, for people."""
        return f"{self.plane.width} x {self.plane.height}"

    def values(self) -> NDArray[np.float32]:
        """Return modality values."""
        return sample_plane(self.volume, self.plane, self.slab)

    def picture(self) -> NDArray[np.uint8]:
        """Return display values."""
        volume = self.volume
        return sample_window(volume, self.plane, self.window, volume.voi_function, volume.inverted, self.slab)

    def describe(self) -> dict[str, Any]:
        """Return the place of the plane, LPS mm, and the window."""
        return {
            "window": [self.window.centre, self.window.width],
            "origin": list(self.plane.origin_lps),
            "row": list(self.plane.row_direction),
            "col": list(self.plane.column_direction),
            "spacing": self.plane.spacing_mm,
            "size": [self.plane.width, self.plane.height],
        }


@dataclass(frozen=True, slots=True)
class SliceView:
    """One slice as it was received, with its overlays and shutter: all there is of colour and of what has no place."""

    volume: Volume
    k: int
    window: Window

    @property
    def size(self) -> str:
        """Width and height, for people."""
        return f"{self.volume.voxels.shape[2]} x {self.volume.voxels.shape[1]}"

    def values(self) -> NDArray[np.float32]:
        """Return modality values; of colour, its samples."""
        return slice_values(self.volume, self.k)

    def picture(self) -> NDArray[np.uint8]:
        """Return display values."""
        return display_slice(self.volume, self.k, self.window, self.volume.voi_function, self.volume.inverted)

    def describe(self) -> dict[str, Any]:
        """Return which slice it is, and the window."""
        return {
            "slice": self.k + 1,
            "slices": self.volume.voxels.shape[0],
            "window": [self.window.centre, self.window.width],
            "size": [self.volume.voxels.shape[2], self.volume.voxels.shape[1]],
        }


def view_of(arguments: argparse.Namespace, volume: Volume) -> View:
    """Return what the arguments ask for; of an image that cannot be cut, its first slice.

    Raises
    ------
    NoSuchSlice
        The volume has fewer slices.
    PlaneRefused
        The plane is not one, or comes with a slice.
    """
    if arguments.slice is not None and _asks_for_a_plane(arguments):
        raise PlaneRefused("a slice as it was received and a plane")
    if arguments.slice is None and (_asks_for_a_plane(arguments) or _can_be_cut(volume)):
        window = arguments.window or default_window(volume)
        return PlaneView(volume, plane_of(arguments, volume), slab_of(arguments), window)
    k = (arguments.slice or 1) - 1
    if not 0 <= k < volume.voxels.shape[0]:
        raise NoSuchSlice(f"slice {k + 1} of {volume.voxels.shape[0]}", count=volume.voxels.shape[0])
    return SliceView(volume, k, arguments.window or default_window(volume, k))


def _can_be_cut(volume: Volume) -> bool:
    return volume.is_spatial and volume.voxels.ndim == 3


def _asks_for_a_plane(arguments: argparse.Namespace) -> bool:
    asked = (arguments.plane, arguments.at, arguments.origin, arguments.row, arguments.col, arguments.slab)
    return any(part is not None for part in asked)
