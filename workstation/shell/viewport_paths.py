"""The path of a curved picture, as the planes of the same space draw it."""

from viewers.geometry.centreline import centreline
from viewers.identifiers import ViewportId
from viewers.image.volume import Volume
from viewers.tools.path_drag import DrawnPath
from workstation.shell.joined_pictures import Pictures


def path_beside(viewport: ViewportId, pictures: Pictures) -> DrawnPath | None:
    """Return the path of the curved picture beside a viewport, where there is one in its space."""
    volume = pictures[viewport].volume
    for other, picture in pictures.items():
        view = picture.resolved.curved
        if other != viewport and view is not None and _share_space(volume, picture.volume):
            line, pointed = centreline(view.curve.points_lps), view.curve.pointed_mm
            place = None if line is None or pointed is None else line.point_at(pointed)
            return DrawnPath(other, view.curve, place)
    return None


def _share_space(one: Volume, other: Volume) -> bool:
    space = one.frame_of_reference
    return one.is_spatial and other.is_spatial and space is not None and space == other.frame_of_reference
