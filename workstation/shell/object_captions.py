"""What a viewport says of objects: which presentation state is applied, who pointed the image out or rejected it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from viewers.graphics.segments import Segment
from viewers.image.volume import Volume
from viewers.state.presented import is_whole
from viewers.state.resolved import ResolvedView
from workstation.reading.shown_objects import ShownObjects
from workstation.translations import Translator


@dataclass(frozen=True, slots=True)
class Said:
    """Lines beside the series, and warnings."""

    lines: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def said_of(
    volume: Volume, resolved: ResolvedView, objects: ShownObjects, pictures: Sequence[Volume], words: Translator
) -> Said:
    """Return what is told of the objects in one picture; ``pictures`` are the volumes of all viewports."""
    lines: list[str] = []
    warnings = [words.text("objects.rejected_image", title=title) for title in _titles(volume, resolved, objects, True)]
    lines += [words.text("objects.key_image", title=title) for title in _titles(volume, resolved, objects, False)]
    k, state = resolved.slice_index, objects.presentation
    if state is not None and k is not None:
        source = volume.sources[k]
        shown = state.of(source.instance, source.frame_index)
        if shown is not None:
            lines.append(words.text("objects.presented", name=state.name))
        if shown is not None and not is_whole(volume, shown):
            warnings.append(words.text("objects.presented_in_part"))
    shared = {picture.frame_of_reference for picture in pictures if picture.is_spatial}
    if any(one.frame_of_reference not in shared for one in objects.segmentations):
        warnings.append(words.text("objects.segments_elsewhere"))
    return Said(tuple(lines), tuple(warnings))


def segments_in(volume: Volume, objects: ShownObjects) -> tuple[Segment, ...]:
    """Return the segments that lie in the space of a volume."""
    if not volume.is_spatial or volume.frame_of_reference is None:
        return ()
    own = (one for one in objects.segmentations if one.frame_of_reference == volume.frame_of_reference)
    return tuple(segment for one in own for segment in one.segments)


def _titles(volume: Volume, resolved: ResolvedView, objects: ShownObjects, is_rejection: bool) -> Iterator[str]:
    if resolved.slice_index is None:
        return
    source = volume.sources[resolved.slice_index]
    for selection in objects.key_selections:
        if selection.is_rejection == is_rejection and any(
            place.holds(source.instance, source.frame_index) for place in selection.images
        ):
            yield selection.title
