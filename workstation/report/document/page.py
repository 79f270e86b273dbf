"""The page: fonts, margins, running header and footer, headings and paragraphs. It knows no report section."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from workstation import resources

FAMILY = "DejaVu"
MARGIN_MM = 16.0
TOP_MM = 22.0
BOTTOM_MM = 22.0
LINE_MM = 4.6
TEXT_PT = 9.0
SMALL_PT = 7.0
MISSING_GLYPH = "\N{REPLACEMENT CHARACTER}"
_FONTS = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf"}

Colour = tuple[int, int, int]
INK: Colour = (20, 24, 30)
MUTED: Colour = (96, 104, 114)
ACCENT: Colour = (24, 66, 110)
WARNING: Colour = (176, 24, 24)
PAPER: Colour = (255, 255, 255)
SHADE: Colour = (234, 240, 246)
RULE: Colour = (178, 188, 198)


@dataclass(frozen=True, slots=True)
class Running:
    """What stands on every page: whose report it is, and the statements that may never be cut off."""

    title: str
    patient: str
    warning: str
    statement: str
    page_pattern: str


class ReportPage(FPDF):
    """An A4 PDF/A document that carries its running header and footer on every page."""

    def __init__(self, running: Running, language: str) -> None:
        super().__init__(format="A4", unit="mm", enforce_compliance="PDF/A-2U")
        self._running = running
        for style, name in _FONTS.items():
            with resources.as_path("fonts", name) as path:
                self.add_font(FAMILY, style, path)
        self.set_lang(language)
        self.set_margins(MARGIN_MM, TOP_MM, MARGIN_MM)
        self.set_auto_page_break(True, BOTTOM_MM)
        self.c_margin = 0.0

    def header(self) -> None:
        """Draw the line above each page: title, patient, and the warning where there is one."""
        self.set_y(9)
        self.write_line(self._running.title, size=SMALL_PT, style="B", colour=ACCENT, width=70)
        self.set_xy(MARGIN_MM + 60, 9)
        self.write_line(self._running.patient, size=SMALL_PT, colour=MUTED, align="R")
        if self._running.warning:
            self.write_line(self._running.warning, size=SMALL_PT, style="B", colour=WARNING, align="C")
        self.rule(17.5)
        self.set_xy(MARGIN_MM, TOP_MM)

    def footer(self) -> None:
        """Draw the statement of intended use and the page number."""
        self.rule(self.h - 17)
        self.set_xy(MARGIN_MM, self.h - 16)
        self.write_line(self._running.statement, size=SMALL_PT, colour=MUTED, width=self.epw - 20)
        # Set from the left: the width of the page count is not known before the last page.
        self.set_xy(self.w - MARGIN_MM - 10, self.h - 16)
        number = self._running.page_pattern.format(page=self.page_no(), count="{nb}")
        self.write_line(number, size=SMALL_PT, style="B", colour=INK)

    def rule(self, y_mm: float) -> None:
        """Draw a thin line across the page."""
        self.set_draw_color(*RULE)
        self.set_line_width(0.2)
        self.line(MARGIN_MM, y_mm, self.w - MARGIN_MM, y_mm)

    def write_line(
        self,
        text: str,
        *,
        size: float = TEXT_PT,
        style: str = "",
        colour: Colour = INK,
        align: str = "L",
        width: float = 0,
    ) -> None:
        """Write text in one style, wrapped to ``width`` mm (0: to the right margin), and move below it."""
        self.set_font(FAMILY, style, size)
        self.set_text_color(*colour)
        left = self.get_x()
        height = LINE_MM * size / TEXT_PT
        self.multi_cell(width, height, self.printable(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if width:
            self.set_x(left)

    def printable(self, text: str) -> str:
        """Return text with a visible sign for every character that the current font lacks, and without controls."""
        font = self.current_font
        known: Mapping[int, object] = font.cmap if isinstance(font, TTFFont) else {}
        spaced = text.replace("\r\n", "\n").replace("\t", "    ")
        kept = (one for one in spaced if one == "\n" or unicodedata.category(one) != "Cc")
        return "".join(one if one == "\n" or ord(one) in known else MISSING_GLYPH for one in kept)

    def heading(self, text: str) -> None:
        """Write the heading of a section; it never stands alone at the foot of a page."""
        self.keep_together(4 * LINE_MM)
        self.ln(2.2)
        self.set_x(MARGIN_MM)
        self.write_line(text, size=10, style="B", colour=ACCENT)
        self.rule(self.get_y() + 0.2)
        self.ln(1.2)

    def keep_together(self, height_mm: float) -> None:
        """Begin a new page when less than ``height_mm`` is left on this one."""
        if self.get_y() + height_mm > self.page_break_trigger:
            self.add_page()
