"""Text of objects is shown as it is: no payload becomes markup, a link, a file or a request, in no widget."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QTextDocument, QTextFragment
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.support.open_case import CURRENT, series, study
from viewers.graphics.model import ImagePlace
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from viewers.qt.text import Line, draw_block, text_font
from workstation.demonstration.cases import load_cases
from workstation.dicom.objects.model import Entry, Grid, Heading, ReadObject
from workstation.domain.identifiers import HubName
from workstation.domain.patient import Patient, PersonName
from workstation.domain.study import InstanceReference
from workstation.hub.errors import HubUnreachable
from workstation.reading.shown_objects import ShownObjects
from workstation.shell.banner import PatientBanner
from workstation.shell.case_panels import FirstReportPanel
from workstation.shell.object_document import ObjectDocument
from workstation.shell.objects_panel import ObjectsPanel
from workstation.shell.queue_model import COLUMNS
from workstation.shell.queue_page import QueuePage
from workstation.shell.series_panel import SeriesPanel
from workstation.shell.viewport_captions import CaseDirectory
from workstation.translations import translator

pytestmark = pytest.mark.qt
PAYLOADS = (
    "<b>bold</b>", "<h1>x</h1>", "<i>x", "<u>x</u>", "<s>x</s>", "<font color=red>x</font>", "<br>", "<hr>", "<p>x</p>",
    "<table><tr><td>x</td></tr></table>", "<img src='file:///etc/passwd'>", "<img src='http://127.0.0.1:9/x'>",
    "<img src='//evil/share/x.png'>", "<img src='qrc:/x'>", "<img src='data:image/png;base64,AAAA'>",
    "<a href='http://127.0.0.1:9/'>x</a>", "<a href='file:///etc/passwd'>x</a>", "<a href='image:0'>x</a>",
    "<a name='x'>x</a>", "<script>alert(1)</script>", "<style>*{color:red}</style>", "<body bgcolor=red>",
    "<link rel=stylesheet href='file:///x.css'>", "<iframe src='file:///etc/passwd'></iframe>",
    "<object data='file:///etc/passwd'></object>", "<svg onload=alert(1)>", "<!DOCTYPE html><b>x</b>",
    "<?xml version='1.0'?><x/>", "&lt;b&gt;x", "{0} {name} %s %n", "<qt><b>x</b></qt>", "javascript:alert(1)",
)  # fmt: skip


class Watching(ObjectDocument):
    """Notes what is asked to be loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        self.asked.append(name)
        return super().loadResource(kind, name)


def reference() -> InstanceReference:
    return InstanceReference(StudyUID("2.25.1"), SeriesUID("2.25.2"), InstanceUID("2.25.3"), "1.2")


def read(text: str) -> ReadObject:
    blocks = (Heading(0, text), Entry(1, text, text), Grid((text,), ((text,),)))
    return ReadObject(reference(), "report", text, text, "20260101", blocks)


def labels_of(widget: QWidget) -> list[QLabel]:
    return list(widget.findChildren(QLabel))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_text_in_a_document(qtbot: QtBot, payload: str) -> None:
    document = Watching()
    qtbot.addWidget(document)
    document.show_blocks((*read(payload).blocks, Entry(0, "", payload, (ImagePlace(InstanceUID("2.25.9")),))), WORDS)
    shown = document.toPlainText()
    assert shown.count(payload) >= 5
    formats = [one.charFormat() for one in _fragments(document.document())]
    assert {one.anchorHref() for one in formats if one.isAnchor()} == {"image:0"}
    assert not any(one.isImageFormat() for one in formats)
    document.grab()
    assert document.asked == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_text_in_every_label_of_the_case(qtbot: QtBot, payload: str, tmp_path: Path) -> None:
    del tmp_path
    panel, banner, first = ObjectsPanel(WORDS), PatientBanner(WORDS), FirstReportPanel(WORDS)
    for widget in (panel, banner, first):
        qtbot.addWidget(widget)
    panel.show_objects(ShownObjects().with_objects((read(payload),)))
    panel.tree.setCurrentItem(panel.tree.topLevelItem(0))
    panel.show_refused(payload)
    banner.show_patient(Patient(payload, PersonName(payload, payload, ideographic=payload)))
    first.show_text(payload, payload)
    item = panel.tree.topLevelItem(0)
    assert item is not None
    assert payload in item.text(0)
    assert payload in as_shown(item.toolTip(0))
    for widget in (panel, banner, first):
        assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels_of(widget) if label.text())
    assert first.text.toPlainText() == payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_text_in_the_queue_and_among_the_series(qtbot: QtBot, payload: str) -> None:
    request = replace(
        REQUEST, patient=Patient(payload, PersonName(payload, payload)), question=payload, clinical=payload,
        modality=payload, region=payload, requester=replace(REQUEST.requester, name=payload, organisation=payload),
    )  # fmt: skip
    page, panel = QueuePage(WORDS, lambda: NOW), SeriesPanel(WORDS)
    for widget in (page, panel):
        qtbot.addWidget(widget)
    page.show_queue((request,), None, ())
    page.table.selectRow(0)
    listed = series(CURRENT, payload, 3)
    panel.show_case(CaseDirectory([replace(study("1", "20260110", listed), description=payload)]))
    panel.show_failure(CURRENT, HubUnreachable("no route", hub=payload))
    heading = panel.tree.topLevelItem(0)
    assert heading is not None
    tips = [page.model.data(page.model.index(0, one), Qt.ItemDataRole.ToolTipRole) for one in range(len(COLUMNS))]
    tips += [heading.toolTip(0), heading.child(0).toolTip(0)]
    shown = [tip for tip in tips if tip]
    assert sum(payload in as_shown(tip) for tip in shown) >= 3
    for widget in (page, panel):
        assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels_of(widget) if label.text())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_over_a_picture_is_drawn_letter_by_letter(qapp: QApplication, payload: str) -> None:
    del qapp
    font = text_font()
    width = round(QFontMetricsF(font).horizontalAdvance(payload))
    image = QImage(width + 40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(0, 0, 0))
    painter = QPainter(image)
    covered = draw_block(
        painter, QRectF(0.0, 0.0, width + 40.0, 40.0), [Line(payload, QColor(255, 255, 255))], False, False
    )
    painter.end()
    assert round(covered.width()) == width
    last = max(x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).red() > 128)
    assert last > width - 12


def as_shown(tip: str) -> str:
    """What somebody reads in a tooltip."""
    tooltip = QTextDocument()
    tooltip.setHtml(tip)
    return tooltip.toPlainText().replace("\N{NO-BREAK SPACE}", " ")


def test_a_link_to_an_image_asks_for_it_and_no_other_link_does_anything(qtbot: QtBot) -> None:
    document = ObjectDocument()
    qtbot.addWidget(document)
    place = ImagePlace(InstanceUID("2.25.9"), (3,))
    document.show_blocks((Entry(0, "", "Image", (place,)),), WORDS)
    asked: list[object] = []
    document.image_asked.connect(asked.append)
    for link in ("image:0", "image:1", "image:x", "file:///etc/passwd", "http://127.0.0.1:9/"):
        document.anchorClicked.emit(QUrl(link))
    assert asked == [place]
    assert "(4)" in document.toPlainText()


def _fragments(document: QTextDocument) -> list[QTextFragment]:
    found = []
    block = document.begin()
    while block.isValid():
        part = block.begin()
        while not part.atEnd():
            found.append(part.fragment())
            part += 1
        block = block.next()
    return found


WORDS = translator("en")
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
REQUEST = load_cases(NOW, HubName("hub"))[0].request
