"""Opens a reading page on a display with a French keyboard and presses the keys of the top row by their places."""

import json
import subprocess

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.support.open_case import Case
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.support.xserver import Hand
from viewers.identifiers import ViewportId
from workstation.shell.reading_page import ReadingPage
from workstation.translations import translator

# The X key codes of the keys that bear 1 to 9 and 0 on every keyboard.
ROW = range(10, 20)


def main() -> None:
    """Print the window that each key of the row shows, and the text that the row types into nothing."""
    subprocess.run(["setxkbmap", "fr"], check=True)
    application = QApplication([])
    page = ReadingPage(translator("fr"))
    page.resize(1200, 800)
    page.show()
    case = Case([volume_of(axial_grid([float(z) for z in range(40)]), smooth)])
    page.open_case(case.session, case.dispatcher, case.views, case.measure, case.studies)
    page.images.put_volumes(case.volumes)
    page.activateWindow()
    page.board.grid.viewports[ViewportId("v1")].setFocus(Qt.FocusReason.TabFocusReason)
    hand = Hand(application.processEvents)
    hand.move(600, 500)
    hand.click(600, 500)
    shown: dict[str, list[float]] = {}
    for code in ROW:
        hand.key(str(code))
        window = page.board.contents[ViewportId("v1")].resolved.window
        shown[str(code)] = [window.centre, window.width]
    print(json.dumps(shown))
    page.close_case()


if __name__ == "__main__":
    main()
