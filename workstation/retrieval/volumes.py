"""The held objects of a series to its volumes: decrypted, decoded in workers, assembled."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from viewers.image.assemble import assemble
from viewers.image.description import FrameDescription
from viewers.image.overlaid import Overlays, overlays_of, with_overlays
from viewers.image.overlay import GROUPS as OVERLAY_GROUPS
from viewers.image.overlay import Overlay
from viewers.image.volume import Volume
from workstation.decoding.errors import DecodingError, PoolClosed
from workstation.dicom.describe import describe_frames
from workstation.dicom.header import Header
from workstation.retrieval.errors import NothingThere, ObjectLost, RetrievalCancelled
from workstation.retrieval.ports import Cancelled, CatalogueLike, DecoderLike, Held, HeldObjectsLike, never

Frames = dict[tuple[InstanceUID, int], NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """One object: what its header says of its frames, and their values unless it was refused."""

    described: tuple[FrameDescription, ...]
    pixels: NDArray[np.generic] | None
    overlays: tuple[tuple[Overlay, ...], ...] = ()


def load_volumes(
    catalogue: CatalogueLike,
    objects: HeldObjectsLike,
    decoder: DecoderLike,
    study: StudyUID,
    series: SeriesUID,
    cancelled: Cancelled = never,
) -> tuple[Volume, ...]:
    """Return the volumes of one held series; an object that is lost or that a worker refuses is counted as missing.

    Raises
    ------
    NothingThere
        The series has no image.
    RetrievalCancelled
        It was stopped.
    VolumeTooLarge, StoreError
        There is not enough memory, or the store does not answer.
    """
    held = catalogue.instances(study, series)
    images = [(one, frames) for one in held if (frames := describe_frames(one.header, one.transfer_syntax))]
    if not images:
        raise NothingThere("no image in this series")

    def load(image: tuple[Held, tuple[FrameDescription, ...]]) -> _Loaded:
        if cancelled():
            raise RetrievalCancelled("by the reader")
        return _load(*image, objects, decoder)

    with ThreadPoolExecutor(decoder.workers, "loading") as executor:
        loaded = tuple(executor.map(load, images))
    described = [frame for one in loaded for frame in one.described]
    instances = catalogue.expected(study).get(series)
    # An object that is not held is taken for one frame: nothing else is known of it.
    expected = None if instances is None else len(described) + max(0, instances - len(held))
    overlays = _overlays(loaded)
    return tuple(with_overlays(volume, overlays) for volume in assemble(described, _frames(loaded), expected))


def _load(
    held: Held, described: tuple[FrameDescription, ...], objects: HeldObjectsLike, decoder: DecoderLike
) -> _Loaded:
    try:
        part10 = objects.get(held)
        pixels = decoder.decode(part10)
        masks = decoder.overlays(part10) if _may_have_overlays(held.header) else None
    except PoolClosed:
        raise
    except (DecodingError, ObjectLost):
        # Told to the reader as a finding of the volume: the number of its frames stays known.
        return _Loaded(described, None)
    overlays = () if masks is None else tuple(overlays_of(mask) for mask in masks)
    return _Loaded(described, pixels if len(pixels) == len(described) else None, overlays)


def _may_have_overlays(header: Header) -> bool:
    return any(f"{group:04X}0010" in header.elements for group in OVERLAY_GROUPS)


def _overlays(loaded: Sequence[_Loaded]) -> Overlays:
    return {
        (frame.instance, frame.frame_index): one.overlays[frame.frame_index]
        for one in loaded
        for frame in one.described
        if frame.frame_index < len(one.overlays)
    }


def _frames(loaded: Sequence[_Loaded]) -> Frames:
    return {
        (frame.instance, frame.frame_index): one.pixels[frame.frame_index]
        for one in loaded
        if one.pixels is not None
        for frame in one.described
    }
