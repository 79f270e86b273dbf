"""Every shared volume that ITK can read, cut in any plane, has ITK's values.

Where slices are tilted, uneven or missing it has those between the true positions.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.itk_oracle import NotForItk, Oracle, read_slice
from tests.support.shared_data import shared_data_root
from viewers.geometry.frame import cross, unit
from viewers.geometry.plane import AXIAL, CORONAL, SAGITTAL, ImagePlane, Orientation, plane_about
from viewers.identifiers import InstanceUID
from viewers.image.assemble import assemble
from viewers.image.description import FrameDescription
from viewers.image.reslice import sample_plane
from viewers.image.slices import corners_lps, slice_plane
from viewers.image.volume import Volume
from workstation.decoding.errors import DecodingError
from workstation.decoding.pool import DecoderPool
from workstation.dicom.describe import describe_frames

pytestmark = pytest.mark.shared_data

TOLERANCE = 1.0
PICTURE = 96
OBLIQUES = 3
# Files that have nothing to do with each other but share identifiers: each is a series of its own.
ASSORTED = ("transfer_syntaxes", "malformed", "character_sets", "objects")

Pixels = dict[tuple[InstanceUID, int], NDArray[np.generic]]


@dataclass
class Series:
    """What was read of one series, and the file of each instance."""

    frames: list[FrameDescription]
    pixels: Pixels
    paths: dict[InstanceUID, Path]


def folders() -> list[str]:
    """All folders with files, as one test each."""
    try:
        root = shared_data_root()
    except pytest.skip.Exception:
        return []
    found = {path.parent for path in root.rglob("*") if path.is_file()} - {root}
    return sorted(str(folder.relative_to(root)) for folder in found)


def all_series(folder: Path, pool: DecoderPool) -> Iterator[Series]:
    """Read every image of a folder as the application does, without its store."""
    assorted = any(part in ASSORTED for part in folder.parts)
    read: dict[str, Series] = defaultdict(lambda: Series([], {}, {}))
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            content = path.read_bytes()
            received = pool.inspect(content)
            pixels = pool.values(received, content) if received.frames else None
        except DecodingError:
            continue
        frames = describe_frames(received.header, received.transfer_syntax)
        if not frames or pixels is None or pixels.ndim != 3:
            continue
        series = read[f"{path}" if assorted else received.series]
        # ITK knows no uptake: values are compared as they are before any conversion.
        series.frames.extend(replace(frame, conversions=()) for frame in frames)
        series.paths[received.instance] = path
        for frame in frames:
            series.pixels[frame.instance, frame.frame_index] = pixels[frame.frame_index]
    yield from read.values()


def planes_of(volume: Volume) -> list[ImagePlane]:
    """Standard planes beside the middle, and obliques whose seed is the place of the volume."""
    corners = corners_lps(volume)
    middle, extent = (corners.min(axis=0) + corners.max(axis=0)) / 2, np.ptp(corners, axis=0)
    generator = np.random.default_rng(len(volume.sources))
    orientations = [AXIAL, CORONAL, SAGITTAL]
    for _ in range(OBLIQUES):
        first, second = generator.normal(size=(2, 3)).tolist()
        row = unit((first[0], first[1], first[2]))
        normal = unit(cross(row, (second[0], second[1], second[2])))
        orientations.append(Orientation(row, cross(normal, row)))
    planes = []
    for orientation in orientations:
        x, y, z = (middle + extent * generator.uniform(-0.2, 0.2, size=3)).tolist()
        planes.append(plane_about((x, y, z), orientation, float(extent.max()) / PICTURE * 1.1, PICTURE, PICTURE))
    return planes


def assert_agrees(volume: Volume, oracle: Oracle) -> int:
    """Compare all planes, and the slices themselves at their voxel centres; return the number of samples compared."""
    compared = 0
    for k, one in enumerate(oracle.slices):
        ours = sample_plane(volume, slice_plane(volume, k))
        known = ~np.isnan(ours)
        assert known.mean() > 0.1
        assert np.allclose(ours[known], one.values[known], rtol=2e-7, atol=1e-6)
    for plane in planes_of(volume):
        ours = sample_plane(volume, plane).astype(np.float64)
        theirs = oracle.resampled(plane) if oracle.is_even() else oracle.interpolated(plane)
        between = oracle.interpolated(plane)
        both = ~np.isnan(between) & ~np.isnan(theirs)
        assert not np.isnan(ours[both]).any()
        # What ours has beyond the oracle lies within half a voxel of the outer slices.
        assert np.isnan(ours[np.isnan(theirs)]).all() or not oracle.is_even()
        assert np.abs(ours - theirs)[both].max(initial=0.0) <= TOLERANCE
        compared += int(both.sum())
    return compared


@pytest.mark.parametrize("folder", folders())
def test_every_volume_of_a_folder_agrees_with_itk(folder: str, pool: DecoderPool) -> None:
    for series in all_series(shared_data_root() / folder, pool):
        volumes = assemble(series.frames, series.pixels)
        assert sum(len(volume.sources) for volume in volumes) == len(series.frames)
        for volume in volumes:
            if not volume.is_spatial or volume.modality == "SEG":
                continue
            try:
                slices = [read_slice(series.paths[one.instance], one.frame_index) for one in volume.sources]
            except NotForItk:
                continue
            oracle = Oracle(slices, frozenset(np.flatnonzero(volume.gap_after).tolist()))
            compared = assert_agrees(volume, oracle)
            assert compared or len(volume.sources) - int(volume.gap_after.sum()) == 1
