"""The held objects of a series to its volumes: decrypted, decoded in workers, each frame into its place."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.assemble import Filling
from viewers.image.description import FrameDescription
from viewers.image.errors import PixelsUnexpected
from viewers.image.memory import free_memory_bytes
from viewers.image.overlaid import Overlays, overlays_of, with_overlays
from viewers.image.overlay import GROUPS as OVERLAY_GROUPS
from viewers.image.overlay import Overlay
from viewers.image.volume import Volume
from workstation.decoding.errors import DecodingError, PoolClosed
from workstation.dicom.describing import FrameDescriber
from workstation.dicom.header import Header
from workstation.domain.listing import Doubt
from workstation.retrieval.errors import NothingThere, ObjectLost, RetrievalCancelled
from workstation.retrieval.ports import Cancelled, CatalogueLike, DecoderLike, Held, HeldObjectsLike, never

Images = Sequence[tuple[Held, tuple[FrameDescription, ...]]]
FreeMemory = Callable[[], int | None]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """One object: what its header says of its frames, whether its values are in their place, and its overlays."""

    described: tuple[FrameDescription, ...]
    is_filled: bool
    overlays: tuple[tuple[Overlay, ...], ...] = ()


def load_volumes(
    catalogue: CatalogueLike,
    objects: HeldObjectsLike,
    decoder: DecoderLike,
    study: StudyUID,
    series: SeriesUID,
    cancelled: Cancelled = never,
    free_memory: FreeMemory = free_memory_bytes,
) -> tuple[Volume, ...]:
    """Return the volumes of one held series; an object that is lost or that a worker refuses is counted as missing.

    Values go from the workers to their place in the volumes, which are reduced where memory does not suffice.

    Raises
    ------
    NothingThere
        The series has no image.
    RetrievalCancelled
        It was stopped.
    VolumeTooLarge, StoreError
        There is not enough memory even for a quarter of the resolution, or the store does not answer.
    """
    held = catalogue.instances(study, series)
    describe = FrameDescriber().describe
    images = [(one, frames) for one in held if (frames := describe(one.header, one.transfer_syntax))]
    if not images:
        raise NothingThere("no image in this series")
    count = sum(len(frames) for _, frames in images)
    kept: Images = images
    while True:
        filling = Filling([frame for _, frames in kept for frame in frames], free_memory())
        loaded = _filled(kept, filling, objects, decoder, cancelled)
        if all(one.is_filled for one in loaded):
            break
        # Where an image lies that cannot be shown there is a gap: the volumes are laid out anew without it.
        kept = [image for image, one in zip(kept, loaded, strict=True) if one.is_filled]
        del filling
    instances = catalogue.expected(study).get(series)
    refused = count - sum(len(frames) for _, frames in kept)
    # An object that is not held is taken for one frame: nothing else is known of it.
    besides = sum(doubt is Doubt.UNLISTED for doubt in catalogue.doubts(study, series).values())
    absent = 0 if instances is None else max(0, instances - (len(held) - besides))
    missing = None if instances is None and not refused else absent + refused
    overlays = _overlays(loaded)
    # Overlays are drawn in the pixels that were received, which a reduced volume no longer has.
    return tuple(
        volume if volume.is_reduced else with_overlays(volume, overlays) for volume in filling.volumes(missing, refused)
    )


def _filled(
    images: Images, filling: Filling, objects: HeldObjectsLike, decoder: DecoderLike, cancelled: Cancelled
) -> tuple[_Loaded, ...]:
    def load(image: tuple[Held, tuple[FrameDescription, ...]]) -> _Loaded:
        if cancelled():
            raise RetrievalCancelled("by the reader")
        return _load(*image, filling, objects, decoder)

    with ThreadPoolExecutor(decoder.workers, "loading") as executor:
        return tuple(executor.map(load, images))


def _load(
    held: Held,
    described: tuple[FrameDescription, ...],
    filling: Filling,
    objects: HeldObjectsLike,
    decoder: DecoderLike,
) -> _Loaded:
    try:
        part10 = objects.get(held)
        pixels = decoder.decode(part10)
        masks = decoder.overlays(part10) if _may_have_overlays(held.header) else None
        if len(pixels) != len(described):
            return _Loaded(described, False)
        for frame in described:
            filling.fill(frame.instance, frame.frame_index, pixels[frame.frame_index])
    except PoolClosed:
        raise
    except (DecodingError, ObjectLost, PixelsUnexpected):
        # Told to the reader as a finding of the volume: the number of its frames stays known.
        return _Loaded(described, False)
    return _Loaded(described, True, () if masks is None else tuple(overlays_of(mask) for mask in masks))


def _may_have_overlays(header: Header) -> bool:
    return any(f"{group:04X}0010" in header.elements for group in OVERLAY_GROUPS)


def _overlays(loaded: Sequence[_Loaded]) -> Overlays:
    return {
        (frame.instance, frame.frame_index): one.overlays[frame.frame_index]
        for one in loaded
        for frame in one.described
        if frame.frame_index < len(one.overlays)
    }
