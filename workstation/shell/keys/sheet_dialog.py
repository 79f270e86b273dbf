"""The sheet of keys on the screen, to be printed or saved as a PDF."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QMarginsF, QSize, Qt
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageSize, QPainter, QPdfWriter, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workstation.shell.file_choice import choose_new_file
from workstation.shell.keys.sheet import HEIGHT, WIDTH, Sheet, paint_sheet
from workstation.shell.labels import plain
from workstation.translations import Translator

_SCALE = 2.0
_PDF_PER_INCH = 600
_POINTS_PER_INCH = 72.0


class SheetDialog(QDialog):
    """Shows one page. It says in words whether it could be saved."""

    def __init__(self, sheet: Sheet, words: Translator, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self._words = words
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(words.text("hands.title"))
        self.page = plain()
        self.page.setPixmap(QPixmap.fromImage(picture_of(sheet, self.devicePixelRatioF())))
        self.message = plain()
        area = QScrollArea()
        area.setWidget(self.page)
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addWidget(self.message, 1)
        self.save = self._button("hands.save", self._save)
        self.print = self._button("hands.print", self._print)
        for button in (self.save, self.print, self._button("hands.close", self.accept)):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addLayout(row)
        self.resize(QSize(980, 900).boundedTo(self.screen().availableSize()))

    def save_to(self, path: Path) -> None:
        """Write the page as a PDF, and say whether that could be done."""
        done = write_pdf(self._sheet, path)
        self.message.setText(self._words.text("hands.saved" if done else "hands.not_saved"))

    def _button(self, key: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(self._words.text(key))
        button.clicked.connect(lambda _checked: act())
        return button

    def _save(self) -> None:
        path = choose_new_file(self, self._words.text("hands.title"), f"{self._words.text('hands.file')}.pdf")
        if path is not None:
            self.save_to(path)

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: _paint_on(printer, self._sheet, printer.resolution()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.show()


def picture_of(sheet: Sheet, device_pixel_ratio: float) -> QImage:
    """Return the page as a picture for the screen."""
    scale = _SCALE * device_pixel_ratio
    image = QImage(round(WIDTH * scale), round(HEIGHT * scale), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    paint_sheet(painter, sheet)
    painter.end()
    image.setDevicePixelRatio(scale / 1.5)
    return image


def write_pdf(sheet: Sheet, path: Path) -> bool:
    """Write the page as a PDF file; false where it cannot be written."""
    content = QBuffer()
    content.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setResolution(_PDF_PER_INCH)
    writer.setTitle(sheet.title)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    _paint_on(writer, sheet, _PDF_PER_INCH)
    try:
        path.write_bytes(content.data().data())
    except OSError:
        return False
    return True


def _paint_on(device: QPagedPaintDevice, sheet: Sheet, per_inch: int) -> None:
    device.setPageMargins(QMarginsF())
    painter = QPainter(device)
    painter.scale(per_inch / _POINTS_PER_INCH, per_inch / _POINTS_PER_INCH)
    paint_sheet(painter, sheet)
    painter.end()
