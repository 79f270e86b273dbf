"""The reader's hands on the reading page: keys, mouse, palette, and the window that has them."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workstation.domain.hands import Hands
from workstation.shell.acts.registry import ACTS
from workstation.shell.keys.digit_row import DigitRow
from workstation.shell.keys.keymaps import keymap_of
from workstation.shell.keys.mouse import mouse_profile
from workstation.shell.keys.sheet import sheet_of
from workstation.shell.keys.sheet_dialog import SheetDialog
from workstation.shell.palette.palette import Palette
from workstation.shell.reading_acts import ReadingActs
from workstation.shell.reading_bar import ReadingBar
from workstation.shell.second_screen import SecondScreen
from workstation.shell.viewport_board import ViewportBoard
from workstation.translations import Translator


class PageHands:
    """Lets the acts be done by hand. ``near`` are the parts of the page where keys are heard, beside the viewports."""

    def __init__(
        self,
        page: QWidget,
        bar: ReadingBar,
        board: ViewportBoard,
        acts: ReadingActs,
        second: SecondScreen,
        near: tuple[QWidget, ...],
        words: Callable[[], Translator],
    ) -> None:
        self._page = page
        self._board = board
        self._acts = acts
        self._second = second
        self._words = words
        self._digits = DigitRow(bar.action_with, page)
        self.palette = Palette(self._used, acts.entries)
        for act in ACTS:
            for widget in (page, second.window) if act.is_everywhere else (board, bar, *near):
                widget.addAction(bar.actions_by_id[act.id])
        acts.palette_asked.connect(self.palette.open)
        self.palette.chosen.connect(acts.act)
        acts.keys_asked.connect(self.show_keys)
        acts.carry_asked.connect(second.toggle)
        second.opened.connect(self._carried)
        second.closed.connect(self._carried)
        board.full_screen_asked.connect(lambda: acts.act("full_screen_viewport"))

    def use(self, hands: Hands) -> None:
        """Work by other keys and another mouse profile from now on."""
        self._acts.set_keymap(keymap_of(hands))
        self._board.hands.set_profile(mouse_profile(hands))
        self._acts.show_state()

    def watch(self) -> None:
        """Hear the digits of the top row on every layout of keyboard."""
        self._digits.watch(self._page)

    def show_keys(self) -> None:
        """Show the sheet of keys and mouse, to be printed."""
        sheet = sheet_of(ACTS, self._acts.keymap, self._board.hands.profile, self._words())
        SheetDialog(sheet, self._words(), self._page).open()

    def _used(self) -> QWidget:
        """Return where the reader is at: the page, or the second window."""
        second = self._second.window
        return second if second.isActiveWindow() else self._page

    def _carried(self) -> None:
        self._acts.carried = self._second.carried
        self._acts.show_state()
        if self._second.carried:
            self._digits.watch(self._second.window)
        self._board.focus_active()
