"""Key images as pictures, two on a line, each with its place in the study and the reader's words."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewers.identifiers import InstanceUID
from workstation.report.document.page import INK, LINE_MM, MARGIN_MM, MUTED, RULE, ReportPage
from workstation.report.lines import labelled
from workstation.report.model import Report, ReportImage
from workstation.translations import Translator

Picture = NDArray[np.uint8]
"""Pixels as they were shown: (rows, columns) or (rows, columns, 3)."""

_GAP_MM = 6.0
_HEIGHT_MM = 72.0
_CAPTION_MM = 12.0


def draw_key_images(
    page: ReportPage, report: Report, pictures: Mapping[tuple[InstanceUID, int], Picture], words: Translator
) -> None:
    """Draw the key images; one without a picture keeps its caption and says so."""
    if not report.key_images:
        return
    width = (page.epw - _GAP_MM) / 2
    page.keep_together(_HEIGHT_MM + _CAPTION_MM + 4 * LINE_MM)
    page.heading(words.text("report.document.key_images"))
    for start in range(0, len(report.key_images), 2):
        page.keep_together(_HEIGHT_MM + _CAPTION_MM)
        page.ln(1)
        top = page.get_y()
        bottoms = []
        for column, image in enumerate(report.key_images[start : start + 2]):
            left = MARGIN_MM + column * (width + _GAP_MM)
            number = start + column + 1
            picture = pictures.get(image.key)
            bottoms.append(_one(page, image, picture, (left, top, width), number, words))
        page.set_xy(MARGIN_MM, max(bottoms) + 2)


def image_place(image: ReportImage, words: Translator) -> str:
    """Return where a key image stands: series, number of the image, frame where there are several."""
    header = image.stored.header
    series = header.text("SeriesDescription").strip() or words.text(
        "report.document.series_number", number=header.text("SeriesNumber")
    )
    number = header.text("InstanceNumber")
    if image.stored.frames > 1:
        return words.text("report.document.frame_place", series=series, image=number, frame=image.frame_index + 1)
    return words.text("report.document.image_place", series=series, image=number)


def _one(
    page: ReportPage,
    image: ReportImage,
    picture: Picture | None,
    place: tuple[float, float, float],
    number: int,
    words: Translator,
) -> float:
    left, top, width = place
    title = words.text("report.document.key_image", number=number)
    described = labelled(words.language, title, image.text) if image.text else title
    bottom = top
    if picture is None:
        page.set_draw_color(*RULE)
        page.rect(left, top, width, 10)
        page.set_xy(left + 2, top + 2.5)
        page.write_line(words.text("report.document.no_picture"), size=8, colour=MUTED, width=width - 4)
        bottom = top + 10
    else:
        scale = min(width / picture.shape[1], _HEIGHT_MM / picture.shape[0])
        shown = picture.shape[1] * scale, picture.shape[0] * scale
        page.image(Image.fromarray(picture), left, top, shown[0], shown[1], alt_text=described)
        bottom = top + shown[1]
    page.set_xy(left, bottom + 1)
    page.write_line(described, size=8, style="B", colour=INK, width=width)
    page.set_x(left)
    page.write_line(image_place(image, words), size=7.5, colour=MUTED, width=width)
    return float(page.get_y())
