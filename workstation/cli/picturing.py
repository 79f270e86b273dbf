"""What ``requis snapshot`` does: one plane as a viewport would show it, as a picture or as modality values."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.conversion import in_quantity
from viewers.image.volume import Volume
from workstation.app.core import Core
from workstation.audit.events import AuditEvent
from workstation.cli.command import Invocation
from workstation.cli.errors import FileRefused, NoSuchVolume
from workstation.cli.snapshot_views import view_of
from workstation.durable import write_file
from workstation.retrieval.geometry import geometry_json


def snapshot(call: Invocation) -> int:
    """Write the picture or the values, and describe them."""
    arguments = call.arguments
    with call.core() as core:
        study, volume = _volume(call, core)
        if arguments.quantity is not None:
            volume = in_quantity(volume, arguments.quantity)
        core.store.record(AuditEvent.OPENED, study)
        view = view_of(arguments, volume)
        if arguments.values is not None:
            content = io.BytesIO()
            np.save(content, view.values(), allow_pickle=False)
            _write(arguments.values, content.getvalue())
        if arguments.out is not None:
            _write(arguments.out, _png(view.picture(), volume))
        if arguments.values is not None or arguments.out is not None:
            core.store.record(AuditEvent.EXPORTED, study)
        for why in dict.fromkeys(one.why for one in volume.alternatives.withheld):
            call.output.say(core.words.text(why))
    call.output.show(view.describe() | _described(volume), [f"{view.size}, {volume.quantity.name}"])
    return 0


def _described(volume: Volume) -> dict[str, object]:
    return {
        "series": volume.series,
        "volume": volume.index,
        "quantity": volume.quantity.name,
        "unit": volume.quantity.ucum,
        "other_quantities": [one.quantity.name for one in volume.alternatives.conversions],
        "withheld": {one.quantity.name: one.why for one in volume.alternatives.withheld},
        "lossy": volume.lossy,
        "lossy_ratios": list(volume.compression.ratios),
        "lossy_methods": list(volume.compression.methods),
        "overlays": sum(len(overlays) for overlays in volume.overlays),
        "shutter": any(volume.shutters),
        "complete": volume.is_complete,
        "geometry": geometry_json([volume.passport]),
    }


def _png(pixels: NDArray[np.uint8], volume: Volume) -> bytes:
    """Return a picture that says itself whether it was made of lossy pixels."""
    words = PngInfo()
    if volume.lossy:
        words.add_text("LossyImageCompression", "01")
    picture = io.BytesIO()
    Image.fromarray(pixels).save(picture, "PNG", pnginfo=words)
    return picture.getvalue()


def _volume(call: Invocation, core: Core) -> tuple[StudyUID, Volume]:
    target, series = call.arguments.target, SeriesUID(call.arguments.series)
    path = Path(target)
    if path.exists():
        for refused in core.importer.import_paths([path]).refused:
            call.output.say(f"{refused.path}: {refused.why}")
    study = _study_of(core, target, series)
    volumes = core.images.volumes(study, series)
    for volume in volumes:
        if volume.index == call.arguments.volume:
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
