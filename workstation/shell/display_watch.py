"""On which screen a viewport is, and what the reader is told where it is below the floor of a modality."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workstation.domain.display import Display, DisplayShortfall
from workstation.reading.display_floors import DisplayFloors, load_floors
from workstation.reading.views import Views
from workstation.shell.formats import numeral
from workstation.translations import Translator

DisplayOf = Callable[[QWidget], Display]


def display_of(widget: QWidget) -> Display:
    """Return the screen that a widget is on; pixels are those of the device."""
    screen = widget.screen()
    ratio, size, physical = screen.devicePixelRatio(), screen.geometry().size(), screen.physicalSize()
    return Display(round(size.width() * ratio), round(size.height() * ratio), physical.width(), physical.height())


class DisplayWatch:
    """Looks at the screens that viewports are on."""

    def __init__(self, display_of: DisplayOf = display_of) -> None:
        self._display_of = display_of
        self._floors = DisplayFloors(load_floors())

    def look(self, viewport: QWidget, modality: str, views: Views) -> DisplayShortfall | None:
        """Return what is wrong with images of a modality in a viewport, and note it with the views of the draft."""
        shortfall = self._floors.shortfall(modality, self._display_of(viewport))
        if shortfall is not None:
            views.below_floor.note(shortfall)
        return shortfall


def shortfall_words(shortfall: DisplayShortfall, words: Translator) -> str:
    """Return the sentence that stays on the picture."""
    display, floor = shortfall.display, shortfall.floor
    if shortfall.is_of_pitch:
        pitches = (display.pitch_mm or 0.0, floor.pitch_mm or 0.0)
        found, most = (numeral(f"{pitch:.2f}", words.language) for pitch in pitches)
        return words.text("viewport.display_too_coarse", modality=shortfall.modality, pitch=found, most=most)
    return words.text(
        "viewport.display_too_small",
        modality=shortfall.modality,
        width=display.width_px,
        height=display.height_px,
        least=round(floor.megapixels),
    )
