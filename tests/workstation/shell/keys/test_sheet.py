"""The sheet of keys: what it says is what the keys do, on one page, in the reader's language."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.workstation.shell.desk import Desk
from viewers.tools.pointer import MouseProfile
from workstation.shell.acts.registry import ACTS
from workstation.shell.keys.keymap import in_words
from workstation.shell.keys.keymaps import keymap_ids, read_keymap
from workstation.shell.keys.sheet import Sheet, sheet_of
from workstation.shell.keys.sheet_dialog import SheetDialog, picture_of, write_pdf
from workstation.translations import languages, translator

pytestmark = [pytest.mark.qt, pytest.mark.qt_log_ignore("This plugin does not support")]


def sheet(keymap: str = "requis", language: str = "en") -> Sheet:
    return sheet_of(ACTS, read_keymap(keymap), MouseProfile(), translator(language))


@pytest.mark.parametrize("keymap", keymap_ids())
@pytest.mark.parametrize("language", languages())
def test_it_says_of_every_key_what_it_does(keymap: str, language: str) -> None:
    words, bound = translator(language), read_keymap(keymap)
    rows = {row for block in sheet(keymap, language).blocks for row in block.rows}
    for act in ACTS:
        keys = bound.keys_of(act.id)
        assert ((words.text(act.title_key), in_words(keys, words)) in rows) is bool(keys)


@pytest.mark.parametrize("keymap", keymap_ids())
def test_all_of_it_is_on_the_page(keymap: str, qapp: QApplication) -> None:
    image = picture_of(sheet(keymap, "fr"), 1.0)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    inked = pixels[..., :3].min(axis=2) < 128
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    edge = 40
    assert edge < rows[0] < rows[-1] < image.height() - edge
    assert edge < columns[0] < columns[-1] < image.width() - edge


def test_it_is_saved_as_one_page_of_pdf_and_says_where_it_cannot_be(desk: Desk, tmp_path: Path) -> None:
    desk.focus()
    desk.press(Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    (dialog,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, SheetDialog))
    assert dialog.isVisible()
    dialog.save_to(tmp_path / "keys.pdf")
    assert dialog.message.text() == "The sheet of keys has been saved."
    pdf = (tmp_path / "keys.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == 1
    dialog.accept()


def test_a_place_that_cannot_be_written_gives_no_page(tmp_path: Path, qapp: QApplication) -> None:
    assert not write_pdf(sheet(), tmp_path / "missing" / "keys.pdf")
