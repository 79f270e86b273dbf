"""Annotations to and from versioned JSON, and from the bare list that the command line takes.

The archive is ``{"version": 1, "annotations": [...]}``. Each entry has the keys ``id``, ``tool``,
``frame_of_reference`` (absent or null where the image has no patient space), ``points_lps`` (mm, or pixels without
patient space), ``series``, ``instance``, ``frame`` and ``text``. In JSON ``frame`` counts from 1, as DICOM does; in
records ``frame_index`` counts from 0. It does not know which tools exist: the tool table checks that.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping

from viewers.annotations.errors import ArchiveTooNew, ArchiveUnreadable
from viewers.annotations.model import Annotation, PointLps
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID

VERSION = 1


def write(annotations: Iterable[Annotation]) -> str:
    """Return the archive of ``annotations``, in their order."""
    return json.dumps({"version": VERSION, "annotations": [_entry(one) for one in annotations]}, ensure_ascii=False)


def read(text: str, new_id: Callable[[], AnnotationId]) -> tuple[Annotation, ...]:
    """Read an archive, or the command line's bare list of entries.

    Parameters
    ----------
    new_id
        Called for each entry without an ``id``, which the command line's entries lack.

    Raises
    ------
    ArchiveUnreadable
        Not JSON, or an entry lacks a field or has one of the wrong type.
    ArchiveTooNew
        Written by a later version.
    """
    try:
        document: object = json.loads(text)
    except ValueError as error:
        raise ArchiveUnreadable("annotations are not JSON", why="JSON") from error
    annotations = tuple(_annotation(one, new_id) for one in _entries(document))
    if len({one.id for one in annotations}) != len(annotations):
        raise ArchiveUnreadable("two annotations share one id", why="id")
    return annotations


def _entries(document: object) -> list[object]:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        raise ArchiveUnreadable("annotations are neither a list nor an archive", why="version")
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ArchiveUnreadable("the archive has no version", why="version")
    if version > VERSION:
        raise ArchiveTooNew(f"annotation archive version {version}", version=version)
    entries = document.get("annotations")
    if not isinstance(entries, list):
        raise ArchiveUnreadable("the archive has no list of annotations", why="annotations")
    return entries


def _entry(annotation: Annotation) -> dict[str, object]:
    return {
        "id": annotation.id,
        "tool": annotation.tool,
        "frame_of_reference": annotation.frame_of_reference,
        "points_lps": [list(point) for point in annotation.points_lps],
        "series": annotation.series,
        "instance": annotation.instance,
        "frame": annotation.frame_index + 1,
        "text": annotation.text,
    }


def _annotation(entry: object, new_id: Callable[[], AnnotationId]) -> Annotation:
    if not isinstance(entry, dict):
        raise ArchiveUnreadable("an annotation is not an object", why="annotations")
    frame_of_reference = _text(entry, "frame_of_reference", "")
    identifier = _text(entry, "id", "")
    return Annotation(
        id=AnnotationId(identifier) if identifier else new_id(),
        tool=_text(entry, "tool"),
        points_lps=_points(entry.get("points_lps")),
        frame_of_reference=FrameOfReferenceUID(frame_of_reference) if frame_of_reference else None,
        series=SeriesUID(_text(entry, "series")),
        instance=InstanceUID(_text(entry, "instance")),
        frame_index=_frame(entry) - 1,
        text=_text(entry, "text", ""),
    )


def _text(entry: Mapping[str, object], key: str, default: str | None = None) -> str:
    value = entry.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (not value and default is None):
        raise ArchiveUnreadable(f"the field {key} of an annotation is absent or not text", why=key)
    return value


def _frame(entry: Mapping[str, object]) -> int:
    frame = entry.get("frame", 1)
    if frame is None:
        return 1
    if not isinstance(frame, int) or isinstance(frame, bool) or frame < 1:
        raise ArchiveUnreadable("the frame of an annotation does not count from 1", why="frame")
    return frame


def _points(value: object) -> tuple[PointLps, ...]:
    if not isinstance(value, list) or not value:
        raise ArchiveUnreadable("an annotation has no points", why="points_lps")
    return tuple(_point(one) for one in value)


def _point(value: object) -> PointLps:
    if isinstance(value, list) and len(value) == 3 and all(_is_number(one) for one in value):
        x, y, z = (float(one) for one in value)
        if math.isfinite(x) and math.isfinite(y) and math.isfinite(z):
            return x, y, z
    raise ArchiveUnreadable("a point is not three finite numbers", why="points_lps")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
