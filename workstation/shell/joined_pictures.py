"""What pictures show of each other: the shared point, the lines where planes cross, and how their places are joined."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import ImagePlane, intersection
from viewers.geometry.rigid import RigidTransform
from viewers.identifiers import StudyUID, ViewportId
from viewers.image.slices import slice_plane
from viewers.image.volume import Volume
from viewers.qt.furniture import ReferenceLine
from viewers.state.kinds.registry import KINDS
from viewers.state.link_kind import LinkKind
from viewers.state.resolved import ResolvedView
from viewers.sync.bridges.base import Bridge, BridgeKind
from viewers.sync.bridges.registry import BRIDGES
from workstation.reading.views import Views
from workstation.translations import Translator


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A resolved view with its volume, and the one that is asked to be laid over it.

    ``seen`` has a bit for each slice that was on screen.
    """

    volume: Volume
    resolved: ResolvedView
    fused: Volume | None = None
    seen: int = 0


Pictures = Mapping[ViewportId, Picture]


@dataclass(frozen=True, slots=True)
class Joined:
    """How what is shown belongs together.

    ``ways`` leads by (from, to) from viewport to viewport; ``crosshair`` is where the shared point lies in each, and by
    which way it came there. ``confirmed`` are the studies that the reader took for the patient's. With ``shows_ends``
    the first and last slice of the active stack are drawn in the others.
    """

    ways: Mapping[tuple[ViewportId, ViewportId], Bridge] = field(default_factory=dict)
    crosshair: Mapping[ViewportId, tuple[Vector3, Bridge]] = field(default_factory=dict)
    confirmed: Collection[StudyUID] = ()
    shows_ends: bool = False

    @classmethod
    def of(cls, views: Views) -> "Joined":
        """Return how what is on screen belongs together."""
        points = {viewport: views.links.crosshair_in(viewport) for viewport in views.layout.visible}
        placed = {viewport: point for viewport, point in points.items() if point is not None}
        return cls(views.links.ways(), placed, views.comparing.confirmed, views.links.shows_ends)

    def point(self, viewport: ViewportId) -> Vector3 | None:
        """Return where the shared point lies in a viewport."""
        found = self.crosshair.get(viewport)
        return None if found is None else found[0]

    def note(self, viewport: ViewportId, words: Translator) -> str:
        """Return what is said beside the shared point: that it lies there only about."""
        found = self.crosshair.get(viewport)
        is_approximate = found is not None and BRIDGES[found[1].kind].is_approximate
        return words.text("viewport.approximate") if is_approximate else ""

    def lines(self, viewport: ViewportId, words: Translator) -> tuple[str, ...]:
        """Return how a viewport is joined with others of another space, for its corner."""
        found = {
            _told(way, words)
            for (source, target), way in self.ways.items()
            if target == viewport and source != viewport and BRIDGES[way.kind].is_approximate
        }
        return tuple(sorted(found))


def reference_lines(
    viewport: ViewportId, pictures: Pictures, active: ViewportId, joined: Joined
) -> Iterable[ReferenceLine]:
    """Return where the other pictures cut the one of a viewport, brought over from their spaces."""
    shown = pictures[viewport]
    for other, picture in pictures.items():
        way = _way(joined, other, viewport)
        if way is None or not KINDS[picture.resolved.kind].cuts_others or are_planes(shown, picture):
            continue
        is_active, is_approximate = other == active, BRIDGES[way.kind].is_approximate
        planes = [picture.resolved.plane, *(_ends(picture) if joined.shows_ends and is_active else ())]
        for number, plane in enumerate(planes):
            ends = intersection(shown.resolved.plane, _moved(plane, way.transform))
            if ends is not None:
                yield ReferenceLine(
                    ends[0], ends[1], is_active=is_active and number == 0, is_approximate=is_approximate
                )


def are_planes(one: Picture, other: Picture) -> bool:
    """Whether both are planes cut through one volume."""
    views = (one.resolved, other.resolved)
    return all(KINDS[view.kind].is_cut for view in views) and views[0].volume == views[1].volume


def _way(joined: Joined, source: ViewportId, target: ViewportId) -> Bridge | None:
    way = joined.ways.get((source, target))
    return way if way is not None and LinkKind.CROSSHAIR in BRIDGES[way.kind].carries else None


def _ends(picture: Picture) -> tuple[ImagePlane, ...]:
    """Return the first and last slice of a stack."""
    if picture.resolved.slice_index is None or not picture.volume.is_spatial:
        return ()
    return slice_plane(picture.volume, 0), slice_plane(picture.volume, len(picture.volume.sources) - 1)


def _moved(plane: ImagePlane, way: RigidTransform) -> ImagePlane:
    return replace(
        plane,
        origin_lps=way.point(plane.origin_lps),
        row_direction=way.direction(plane.row_direction),
        column_direction=way.direction(plane.column_direction),
    )


def _told(way: Bridge, words: Translator) -> str:
    if way.kind is BridgeKind.REGISTRATION and way.shared is not None:
        return words.text("viewport.joined.registration_shared", percent=round(100 * way.shared))
    return words.text(f"viewport.joined.{way.kind}")
