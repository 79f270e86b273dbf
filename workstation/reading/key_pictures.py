"""Key images as pictures for the document: the frame as it was received, with its default window."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID
from viewers.image.pixels import apply_window, default_window, modality_values
from viewers.image.volume import Volume
from workstation.reading.images import Images
from workstation.report.model import ReportImage


class KeyPictures:
    """Draws key images; loading the series blocks."""

    def __init__(self, images: Images) -> None:
        self._images = images

    def draw(self, key_images: Sequence[ReportImage]) -> Mapping[tuple[InstanceUID, int], NDArray[np.uint8]]:
        """Return one picture (rows, columns) or (rows, columns, 3) for each key image."""
        return {one.key: self._draw(one) for one in key_images}

    def _draw(self, image: ReportImage) -> NDArray[np.uint8]:
        reference = image.stored.reference
        volume = self._images.volume_of(reference.study, reference.series, reference.instance, image.frame_index)
        place = next(
            k
            for k, source in enumerate(volume.sources)
            if source.instance == reference.instance and source.frame_index == image.frame_index
        )
        return _display(volume, place)


def _display(volume: Volume, k: int) -> NDArray[np.uint8]:
    plane = volume.voxels[k]
    if plane.ndim == 3:
        colour: NDArray[np.uint8] = np.clip(plane, 0, 255).astype(np.uint8)
        return colour
    values = modality_values(volume, plane)
    return apply_window(values, default_window(volume, k), volume.voi_function, volume.inverted)
