"""The screen that images are read on, and the least that a modality asks of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Display:
    """One screen: its pixels, and its size in mm where the system knows it, else 0."""

    width_px: int
    height_px: int
    width_mm: float = 0.0
    height_mm: float = 0.0

    @property
    def megapixels(self) -> float:
        """Its pixels in millions."""
        return self.width_px * self.height_px / 1e6

    @property
    def pitch_mm(self) -> float | None:
        """The distance between pixels; ``None`` where its size is not known."""
        return self.width_mm / self.width_px if self.width_mm > 0.0 else None


@dataclass(frozen=True, slots=True)
class DisplayFloor:
    """The least display for images of some modalities; ``pitch_mm`` is the largest pitch, ``None`` for any."""

    modalities: tuple[str, ...]
    megapixels: float
    pitch_mm: float | None = None

    def is_met_by(self, display: Display) -> bool:
        """Whether a display is good enough; a pitch that nobody knows is not held against it."""
        pitch = display.pitch_mm
        is_too_coarse = self.pitch_mm is not None and pitch is not None and pitch > self.pitch_mm
        return display.megapixels >= self.megapixels and not is_too_coarse


@dataclass(frozen=True, slots=True)
class DisplayShortfall:
    """Images of a modality on a display below its floor."""

    modality: str
    display: Display
    floor: DisplayFloor

    @property
    def is_of_pitch(self) -> bool:
        """Whether the display has pixels enough, and they lie too far apart."""
        return self.display.megapixels >= self.floor.megapixels
