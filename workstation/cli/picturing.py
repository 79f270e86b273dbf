"""What ``requis snapshot`` does: one plane as a viewport would show it, as a picture or as modality values."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.pixels import default_window
from viewers.image.reslice import sample_plane, sample_window
from viewers.image.volume import Volume
from workstation.app.core import Core
from workstation.audit.events import AuditEvent
from workstation.cli.command import Invocation
from workstation.cli.errors import FileRefused, NoSuchVolume
from workstation.cli.planes import plane_of, slab_of
from workstation.durable import write_file
from workstation.retrieval.geometry import geometry_json


def snapshot(call: Invocation) -> int:
    """Write the picture or the values, and describe the plane."""
    arguments = call.arguments
    with call.core() as core:
        study, volume = _volume(core, arguments.target, SeriesUID(arguments.series), arguments.volume)
        core.store.record(AuditEvent.OPENED, study)
        plane, slab = plane_of(arguments, volume), slab_of(arguments)
        window = arguments.window or default_window(volume)
        if arguments.values is not None:
            content = io.BytesIO()
            np.save(content, sample_plane(volume, plane, slab), allow_pickle=False)
            _write(arguments.values, content.getvalue())
        if arguments.out is not None:
            pixels = sample_window(volume, plane, window, volume.voi_function, volume.inverted, slab)
            picture = io.BytesIO()
            Image.fromarray(pixels).save(picture, "PNG")
            _write(arguments.out, picture.getvalue())
        if arguments.values is not None or arguments.out is not None:
            core.store.record(AuditEvent.EXPORTED, study)
    document = {
        "series": volume.series,
        "volume": volume.index,
        "quantity": volume.quantity.name,
        "unit": volume.quantity.ucum,
        "window": [window.centre, window.width],
        "origin": list(plane.origin_lps),
        "row": list(plane.row_direction),
        "col": list(plane.column_direction),
        "spacing": plane.spacing_mm,
        "size": [plane.width, plane.height],
        "lossy": volume.lossy,
        "complete": volume.is_complete,
        "geometry": geometry_json([volume.passport]),
    }
    call.output.show(document, [f"{plane.width} x {plane.height}, {volume.quantity.name}"])
    return 0


def _volume(core: Core, target: str, series: SeriesUID, index: int) -> tuple[StudyUID, Volume]:
    path = Path(target)
    if path.exists():
        core.importer.import_paths([path])
    study = _study_of(core, target, series)
    volumes = core.images.volumes(study, series)
    for volume in volumes:
        if volume.index == index:
            return study, volume
    raise NoSuchVolume(f"the series has {len(volumes)} volumes", count=len(volumes))


def _study_of(core: Core, target: str, series: SeriesUID) -> StudyUID:
    study = core.store.catalogue.study(StudyUID(target))
    found = core.store.catalogue.study_of(series) if study is None else study.uid
    if found is None:
        raise NoSuchVolume("no such study or series in the store", count=0)
    return found


def _write(path: Path, content: bytes) -> None:
    try:
        write_file(path.absolute(), [content], durable=False)
    except OSError as error:
        raise FileRefused(f"{error.strerror}", path=str(path)) from error
