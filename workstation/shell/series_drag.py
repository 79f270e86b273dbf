"""How a series travels from the panel to a viewport by drag and drop."""

from PySide6.QtCore import QByteArray, QMimeData

from viewers.identifiers import SeriesUID
from viewers.state.view_state import VolumeReference

_TYPE = "application/x-requis-series"


def series_mime(reference: VolumeReference) -> QMimeData:
    """Return what a drag of a volume carries; it means nothing outside this window."""
    mime = QMimeData()
    mime.setData(_TYPE, QByteArray(f"{reference.series}\n{reference.index}".encode()))
    return mime


def dragged_series(mime: QMimeData) -> VolumeReference | None:
    """Return the volume that a drag carries, ``None`` where it is something else."""
    if not mime.hasFormat(_TYPE):
        return None
    series, _, index = bytes(mime.data(_TYPE).data()).decode().partition("\n")
    return VolumeReference(SeriesUID(series), int(index)) if index.isdigit() else None
