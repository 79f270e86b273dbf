"""A document in a cell of the grid: opened, turned, searched, followed to its images, and there again later."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.workstation.decoding.test_documents import pdf
from tests.workstation.shell.desk import Desk
from viewers.graphics.model import ImagePlace
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID, ViewportId
from viewers.qt.viewport import ViewportWidget
from viewers.state.document_look import DocumentLook
from viewers.tools.intents import ScrollBy
from workstation.decoding.pool import DecoderPool
from workstation.dicom.objects.model import Entry, Heading, ReadObject
from workstation.domain.study import InstanceReference
from workstation.reading.shown_objects import ShownObjects
from workstation.shell.document_viewport import DocumentViewport, PageWanted
from workstation.shell.object_drag import dragged_object, object_mime

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]

LINKED = ImagePlace(InstanceUID("2.25.9"), ())
SECTIONS = tuple(f"Nothing else of note in section {number}." for number in range(60))


def read(number: int, *, blocks: tuple[Heading | Entry, ...] = (), document: bytes | None = None) -> ReadObject:
    reference = InstanceReference(
        StudyUID("1"), SeriesUID(f"2.25.70{number}"), InstanceUID(f"2.25.7{number}"), "1.2.840.10008.5.1.4.1.1.88.33"
    )
    return ReadObject(
        reference, "report" if document is None else "pdf", f"Report {number}", blocks=blocks, pdf=document
    )


REPORT = read(
    1,
    blocks=(
        Heading(0, "Findings"),
        *(Entry(0, "", text) for text in SECTIONS),
        Entry(0, "Lesion", "seen", links=(LINKED,)),
    ),
)
PAGES = read(2, document=pdf(3, 600, 800))


@pytest.fixture(scope="module")
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(1)
    yield made
    made.close()


@pytest.fixture
def reader(desk: Desk, pool: DecoderPool) -> Desk:
    """A desk with two documents; pages and texts come from a real worker."""
    documents = desk.page.board.documents

    def draw(wanted: PageWanted) -> None:
        assert wanted.shown.pdf is not None
        count = pool.pdf_pages(wanted.shown.pdf)
        documents.show_page(wanted, count, pool.render_pdf(wanted.shown.pdf, min(wanted.page, count - 1), wanted.dpi))

    def search(viewport: ViewportId, shown: ReadObject) -> None:
        assert shown.pdf is not None
        documents.show_texts(viewport, shown, pool.pdf_page_texts(shown.pdf))

    documents.page_asked.connect(draw)
    documents.text_asked.connect(search)
    desk.page.marks.show_objects(ShownObjects().with_objects((REPORT, PAGES)))
    return desk


def open_in(desk: Desk, shown: ReadObject) -> DocumentViewport:
    desk.page.marks.open_document(shown.reference.instance)
    desk.settle()
    widget = desk.page.board.cell(ViewportId("v1"))
    assert isinstance(widget, DocumentViewport)
    return widget


def look(desk: Desk) -> DocumentLook:
    state = desk.case.views.state(ViewportId("v1"))
    assert state is not None
    assert state.document is not None
    return state.document


def press(desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)
    desk.settle()


def test_pages_are_turned_by_keys_and_never_beyond_the_ends(reader: Desk) -> None:
    widget = open_in(reader, PAGES)
    widget.setFocus()
    assert "1/3" in widget.title.text()
    for expected in (1, 2, 2):
        press(reader, Qt.Key.Key_PageDown)
        assert look(reader).page == expected
    press(reader, Qt.Key.Key_Home)
    assert look(reader).page == 0
    press(reader, Qt.Key.Key_End)
    assert "3/3" in widget.title.text()


def test_the_wheel_turns_at_the_ends_of_a_page_and_zooms_with_control(reader: Desk) -> None:
    widget = open_in(reader, PAGES)
    widget.page.to_end(is_top=False)
    wheel(widget, -120)
    reader.settle()
    assert look(reader).page == 1
    wheel(widget, 120, Qt.KeyboardModifier.ControlModifier)
    reader.settle()
    assert look(reader).zoom == pytest.approx(1.2)


def wheel(
    widget: DocumentViewport, delta: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    at = QPointF(50, 50)
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(widget.page.viewport(), event)


def test_the_page_that_is_painted_is_the_page_of_the_worker(reader: Desk) -> None:
    widget = open_in(reader, PAGES)
    image = widget.page.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = flat[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 60)
    assert red.any()


def test_a_text_is_found_in_a_report_and_in_the_pages(reader: Desk) -> None:
    widget = open_in(reader, REPORT)
    widget.setFocus()
    press(reader, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget.finder.field, "section 57")
    press(reader, Qt.Key.Key_Return)
    assert widget.text.textCursor().selectedText() == "section 57"
    press(reader, Qt.Key.Key_Escape)
    assert not widget.finder.isVisible()
    widget = open_in(reader, PAGES)
    reader.page.acts.act("document_find")
    QTest.keyClicks(widget.finder.field, "Page 3")
    press(reader, Qt.Key.Key_Return)
    assert look(reader).page == 2
    widget.finder.field.setText("absent")
    press(reader, Qt.Key.Key_Return)
    assert widget.finder.said.text() == "Not found"


def test_pages_are_not_said_to_hold_nothing_before_their_texts_have_come(desk: Desk) -> None:
    asked: list[tuple[ViewportId, ReadObject]] = []
    documents = desk.page.board.documents
    documents.text_asked.connect(lambda viewport, shown: asked.append((viewport, shown)))
    other = read(3, document=pdf(2, 600, 800))
    desk.page.marks.show_objects(ShownObjects().with_objects((PAGES, other)))
    widget = open_in(desk, PAGES)
    desk.page.acts.act("document_find")
    widget.finder.field.setText("Page 2")
    widget.finder.find_next()
    assert "being read" in widget.finder.said.text()
    documents.show_texts(ViewportId("v1"), other, ("Page 2",))
    assert "being read" in widget.finder.said.text()
    documents.show_texts_refused(*asked[0], "Could not be read")
    assert widget.finder.said.text() == "Could not be read"
    widget.finder.find_next()
    assert [shown for _viewport, shown in asked] == [PAGES, PAGES]
    documents.show_texts(*asked[1], ("Page 1", "Page 2"))
    assert widget.finder.said.text().startswith("Page 2")
    documents.show_texts(*asked[1], ("", " "))
    widget.finder.find_next()
    assert "holds no text" in widget.finder.said.text()


def test_a_page_is_not_scaled_again_when_a_neighbour_is_scrolled(reader: Desk) -> None:
    reader.page.acts.act("mpr")
    reader.page.marks.open_document(PAGES.reference.instance)
    reader.settle()
    (widget,) = reader.page.board.findChildren(DocumentViewport)
    reader.settle()
    before = widget.page.findChildren(QLabel)[0].pixmap().cacheKey()
    reader.case.views.navigate(ViewportId("v1"), ScrollBy(1))
    reader.settle()
    reader.page.resize(reader.page.width(), reader.page.height() - 1)
    reader.settle()
    assert widget.page.findChildren(QLabel)[0].pixmap().cacheKey() == before
    widget.zoom(is_nearer=True)
    reader.settle()
    assert widget.page.findChildren(QLabel)[0].pixmap().cacheKey() != before


def test_a_page_stands_beside_its_scroll_bar(reader: Desk) -> None:
    widget = open_in(reader, PAGES)
    reader.page.resize(1200, 500)
    reader.settle()
    assert widget.page.verticalScrollBar().maximum() > 0
    assert widget.page.horizontalScrollBar().maximum() == 0


def test_a_link_leads_to_its_image_and_the_identity_stands_on_top(reader: Desk) -> None:
    asked: list[ImagePlace] = []
    reader.page.board.documents.image_asked.connect(asked.append)
    widget = open_in(reader, REPORT)
    widget.text.anchorClicked.emit(widget.text.document().baseUrl().fromEncoded(b"image:0"))
    assert asked == [LINKED]
    assert "TEST" in widget.identity.text()


def test_a_document_of_the_list_of_series_is_opened_in_the_active_viewport(reader: Desk) -> None:
    assert reader.page.marks.open_document_of(REPORT.reference.series)
    assert not reader.page.marks.open_document_of(SeriesUID("2.25.1234"))
    reader.settle()
    assert look(reader).instance == REPORT.reference.instance


def test_beside_the_planes_it_takes_the_place_of_the_volume(reader: Desk) -> None:
    reader.page.acts.act("mpr")
    reader.page.marks.open_document(PAGES.reference.instance)
    reader.settle()
    cells = [reader.page.board.cell(ViewportId(name)) for name in ("v1", "v2", "v3", "v4")]
    assert [isinstance(one, DocumentViewport) for one in cells] == [False, False, False, True]


def test_it_is_there_again_with_the_case_and_gives_way_to_images(reader: Desk) -> None:
    open_in(reader, PAGES).turn(2)
    reader.settle()
    archived = reader.case.views.archive()
    reader.page.images.ask_for(reader.case.views.current or pytest.fail("nothing is hung"))
    reader.settle()
    assert isinstance(reader.page.board.cell(ViewportId("v1")), ViewportWidget)
    assert reader.case.views.restore(archived)
    reader.settle()
    assert look(reader) == DocumentLook(PAGES.reference.instance, 2)
    assert isinstance(reader.page.board.cell(ViewportId("v1")), DocumentViewport)


def test_until_it_has_been_read_it_says_so(reader: Desk) -> None:
    reader.page.marks.open_document(InstanceUID("2.25.4321"))
    reader.settle()
    widget = reader.page.board.cell(ViewportId("v1"))
    assert isinstance(widget, DocumentViewport)
    assert "being read" in widget.note.text()


def test_a_long_title_does_not_widen_the_window_and_is_told_in_full(reader: Desk) -> None:
    widget = open_in(reader, PAGES)
    before = widget.minimumSizeHint().width()
    long = replace(REPORT, title="Report of everything that was seen " * 10)
    reader.page.marks.show_objects(ShownObjects().with_objects((long,)))
    widget = open_in(reader, long)
    assert widget.minimumSizeHint().width() <= before
    assert "everything" in widget.title.toolTip()


def test_an_object_is_dragged_by_its_instance() -> None:
    assert dragged_object(object_mime(InstanceUID("2.25.5"))) == "2.25.5"
