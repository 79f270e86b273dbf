"""From what every viewport is asked to show to the records that the viewports paint: crosshair and lines included."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, StudyUID, ViewportId
from viewers.image.slices import slices_of
from viewers.qt.content import ViewportContent
from viewers.state.kinds.registry import KINDS
from viewers.tools.cuts import Cut
from workstation.domain.display import DisplayShortfall
from workstation.domain.report import KeyImage
from workstation.reading.shown_objects import ShownObjects
from workstation.shell.cine_player import Playing
from workstation.shell.display_watch import shortfall_words
from workstation.shell.joined_pictures import Joined, Picture, Pictures, are_planes, reference_lines
from workstation.shell.object_captions import said_of, segments_in
from workstation.shell.viewport_captions import Captions, CaseDirectory, captions, layer_captions, playing_captions
from workstation.shell.viewport_paths import path_beside
from workstation.translations import Translator


@dataclass(frozen=True, slots=True)
class Marks:
    """What lies over the pictures, whichever they are."""

    annotations: tuple[Annotation, ...] = ()
    selected: AnnotationId | None = None
    key_images: tuple[KeyImage, ...] = ()
    objects: ShownObjects = field(default_factory=ShownObjects)
    playing: Mapping[ViewportId, Playing] = field(default_factory=lambda: MappingProxyType({}))


def content_of(
    viewport: ViewportId,
    pictures: Pictures,
    active: ViewportId,
    marks: Marks,
    case: CaseDirectory,
    words: Translator,
    *,
    joined: Joined,
    on_display: DisplayShortfall | None,
    is_coarse: bool,
) -> ViewportContent:
    """Return what one viewport paints, given what all show, how that is joined, and what is wrong with its screen."""
    picture = pictures[viewport]
    volume, resolved = picture.volume, picture.resolved
    lines = captions(volume, resolved, case, marks.key_images, words, joined.confirmed)
    said = said_of(volume, resolved, marks.objects, [picture.volume for picture in pictures.values()], words)
    layer = _layer_captions(picture, case, words, joined.confirmed)
    cine = playing_captions(marks.playing.get(viewport), words)
    screen = () if on_display is None else (shortfall_words(on_display, words),)
    return ViewportContent(
        volume=volume,
        resolved=resolved,
        annotations=marks.annotations,
        selected=marks.selected,
        crosshair_lps=joined.point(viewport),
        crosshair_note=joined.note(viewport, words),
        reference_lines=tuple(reference_lines(viewport, pictures, active, joined)),
        cuts=tuple(_cuts(viewport, pictures)),
        number=_number(viewport, pictures),
        seen_slices=picture.seen,
        key_slices=slices_of(volume, ((key.instance, key.frame_index) for key in marks.key_images)),
        identity=lines.identity,
        series=(*lines.series, *joined.lines(viewport, words), *layer.series, *said.lines, *cine.series),
        warnings=(*screen, *said.warnings, *lines.warnings, *layer.warnings, *cine.warnings),
        layers=marks.objects.layers,
        segments=segments_in(volume, marks.objects),
        path=path_beside(viewport, pictures),
        fused=None if resolved.fused is None else picture.fused,
        is_coarse=is_coarse,
    )


def same(one: ViewportContent, other: ViewportContent | None) -> bool:
    """Whether two contents paint the same."""
    if other is None or one.volume is not other.volume or one.fused is not other.fused:
        return False
    return _painted(one) == _painted(other)


def _painted(content: ViewportContent) -> tuple[object, ...]:
    return (
        content.resolved,
        content.annotations,
        content.selected,
        content.crosshair_lps,
        content.crosshair_note,
        content.reference_lines,
        content.cuts,
        content.number,
        content.path,
        content.seen_slices,
        content.key_slices,
        content.identity,
        content.series,
        content.warnings,
        content.layers,
        content.segments,
        content.is_coarse,
    )


def _layer_captions(
    picture: Picture, case: CaseDirectory, words: Translator, confirmed: Collection[StudyUID]
) -> Captions:
    """Return the lines of the volume laid over the picture, with why it is not or how much of it has come."""
    over = picture.fused
    if over is None or not KINDS[picture.resolved.kind].cuts_others:
        return Captions((), (), ())
    if picture.resolved.fused is None:
        return Captions((), (), (words.text("viewport.not_fused", modality=over.modality),))
    told = layer_captions(over, case, words, confirmed)
    if over.is_complete or over.expected_slices is None:
        return told
    received = words.text("viewport.received", received=len(over.sources), expected=over.expected_slices)
    return replace(told, warnings=(*told.warnings, f"{over.modality}: {received}"))


def _cuts(viewport: ViewportId, pictures: Pictures) -> Iterable[Cut]:
    """Return the other planes of the same volume: their lines are the crosshair, and can be dragged."""
    for other, picture in pictures.items():
        number = _number(other, pictures)
        if other != viewport and number is not None and are_planes(pictures[viewport], picture):
            yield Cut(other, picture.resolved.plane, picture.resolved.slab, number)


def _number(viewport: ViewportId, pictures: Pictures) -> int | None:
    """Return which of the planes of its volume a viewport shows; ``None`` where it has no other beside it."""
    here = pictures[viewport]
    planes = [one for one, picture in pictures.items() if are_planes(here, picture)]
    return planes.index(viewport) if len(planes) > 1 else None
