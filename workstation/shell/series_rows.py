"""What a row of the series panel says: title, counts, warnings in words, and its thumbnail."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from viewers.errors import ReaderError
from viewers.image.display import display_slice
from viewers.image.pixels import default_window
from viewers.image.volume import FindingKind, Volume
from workstation.domain.study import SeriesSummary
from workstation.reading.comparison import is_image
from workstation.translations import Translator

THUMBNAIL = 52
QUIET_FINDINGS = frozenset({FindingKind.SPLIT, FindingKind.SINGLE_SLICE, FindingKind.LOSSY})


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One row: a title, quiet facts, warnings; ``share`` is the part received while it is loading, else ``None``."""

    title: str
    facts: str
    warnings: tuple[str, ...] = ()
    share: float | None = None

    @property
    def text(self) -> str:
        """Everything in words, for screen readers and tests."""
        return "\n".join(part for part in (self.title, self.facts, *self.warnings) if part)


@dataclass(frozen=True, slots=True)
class SeriesState:
    """What is known of a series besides its summary."""

    received: int | None = None
    expected: int | None = None
    is_loading: bool = False
    failure: ReaderError | None = None


def series_row(series: SeriesSummary, state: SeriesState, volumes: tuple[Volume, ...], words: Translator) -> SeriesRow:
    """Return the row of a series."""
    title = f"{series.modality}  {series.description}".strip() or words.text("reading_page.series.unnamed")
    if series.number is not None:
        title = f"{series.number}.  {title}"
    expected = state.expected if state.expected is not None else series.instances
    received = state.received
    warnings = list(dict.fromkeys(warning for volume in volumes for warning in volume_warnings(volume, words)))
    if state.failure is not None:
        warnings.insert(0, words.error(state.failure))
    elif state.is_loading:
        # The count and the bar say it.
        warnings = [one for one in warnings if one != words.text("reading_page.series.incomplete")]
    elif received is not None and expected is not None and received < expected:
        # The number says more than the word.
        missing = words.text("reading_page.series.missing", count=expected - received)
        warnings = [missing, *(one for one in warnings if one != words.text("reading_page.series.incomplete"))]
    share = None
    if state.is_loading:
        share = min(1.0, (received or 0) / expected) if expected else 0.0
    noun = "" if is_image(series) else "_objects"
    return SeriesRow(title, _facts(received, expected, state, noun, words), tuple(warnings), share)


def volume_row(volume: Volume, words: Translator) -> SeriesRow:
    """Return the row of one of the volumes that a series was split into."""
    title = words.text("reading_page.series.volume", number=volume.index + 1)
    facts = words.text("reading_page.series.slices", count=len(volume.sources))
    return SeriesRow(title, facts, tuple(volume_warnings(volume, words)))


def volume_warnings(volume: Volume, words: Translator) -> Iterable[str]:
    """Return what the reader must know of a volume before trusting it."""
    if not volume.is_complete:
        yield words.text("reading_page.series.incomplete")
    if volume.lossy:
        yield words.text("reading_page.series.lossy")
    for finding in volume.passport.findings:
        if finding.kind not in QUIET_FINDINGS:
            yield words.text(f"reading_page.finding.{finding.kind}")


def thumbnail(volume: Volume) -> QPixmap | None:
    """Return the middle slice, small, with square millimetres; ``None`` where it cannot be windowed."""
    k = volume.voxels.shape[0] // 2
    try:
        pixels = display_slice(volume, k, default_window(volume, k), volume.voi_function, volume.inverted)
    except ReaderError:
        # The row stays without a picture; the viewport tells why.
        return None
    picture = QPixmap.fromImage(_image(pixels))
    return picture.scaled(
        _fitted(volume), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _image(pixels: NDArray[np.uint8]) -> QImage:
    content = np.ascontiguousarray(pixels)
    height, width = content.shape[:2]
    form = QImage.Format.Format_RGB888 if content.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(content.data, width, height, content.strides[0], form).copy()


def _fitted(volume: Volume) -> QSize:
    rows, columns = volume.voxels.shape[1], volume.voxels.shape[2]
    spacing = volume.passport.spacing_kji_mm or (1.0, volume.passport.pixel_aspect, 1.0)
    height, width = rows * spacing[1], columns * spacing[2]
    scale = THUMBNAIL * 2 / max(height, width)
    return QSize(max(1, round(width * scale)), max(1, round(height * scale)))


def _facts(received: int | None, expected: int | None, state: SeriesState, noun: str, words: Translator) -> str:
    if received is None:
        return words.text(f"reading_page.series.expected{noun}", expected=expected) if expected is not None else ""
    if expected is None:
        return words.text(f"reading_page.series.received{noun}", received=received)
    if expected == 1 and not noun:
        noun = "_one"
    key = "loading" if state.is_loading else f"counts{noun}"
    return words.text(f"reading_page.series.{key}", received=received, expected=expected)
