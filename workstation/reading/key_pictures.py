"""Key images as pictures for the document: the frame as it was received, with its default window."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID
from viewers.image.display import display_slice
from viewers.image.pixels import default_window
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
        window = default_window(volume, place)
        return display_slice(volume, place, window, volume.voi_function, volume.inverted)
