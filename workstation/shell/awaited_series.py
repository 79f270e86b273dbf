"""Which series the reader waits for on the reading page, and which are not to be had, as panel and viewports say it."""

from collections.abc import Callable, Collection

from viewers.errors import ReaderError
from viewers.identifiers import SeriesUID, StudyUID
from workstation.shell.series_panel import SeriesPanel
from workstation.shell.viewport_board import ViewportBoard

AskFor = Callable[[StudyUID, SeriesUID], None]


class AwaitedSeries:
    """Asks for each series once until it comes, fails or is given up."""

    def __init__(self, panel: SeriesPanel, board: ViewportBoard, ask_for: AskFor) -> None:
        self._panel = panel
        self._board = board
        self._ask_for = ask_for
        self._asked: set[SeriesUID] = set()
        self._lost: frozenset[SeriesUID] = frozenset()

    def ask_for(self, study: StudyUID, series: SeriesUID) -> None:
        """Ask for a series and say that it is on its way; nothing where it is already."""
        if series in self._asked:
            return
        self._asked.add(series)
        self._lose((series,), is_lost=False)
        self._panel.show_waiting(series)
        self._ask_for(study, series)

    def is_lost(self, series: SeriesUID) -> bool:
        """Whether a series was asked for and has not come, or not whole."""
        return series in self._lost

    def come(self, series: Collection[SeriesUID]) -> None:
        """Wait for some series no more: they are here."""
        self._asked.difference_update(series)

    def fail(self, series: SeriesUID, error: ReaderError) -> None:
        """Say why a series cannot be shown; it may be asked for again."""
        self._asked.discard(series)
        self._lose((series,), is_lost=True)
        self._panel.show_failure(series, error)

    def cancel(self) -> None:
        """Show that nothing more comes by itself; what was asked for may be asked for again."""
        self._lose(tuple(self._asked), is_lost=True)
        self._asked.clear()
        self._panel.show_cancelled()

    def clear(self) -> None:
        """Wait for nothing."""
        self._asked.clear()
        self._lost = frozenset()

    def _lose(self, series: Collection[SeriesUID], *, is_lost: bool) -> None:
        self._lost = self._lost.union(series) if is_lost else self._lost.difference(series)
        self._board.show_lost(self._lost)
