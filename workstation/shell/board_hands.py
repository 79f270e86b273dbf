"""What the hand does in every cell of the board alike: the tool, the mouse profile, the lens."""

from collections.abc import Callable, Iterable, Iterator

from viewers.qt.pane import PaneWidget
from viewers.qt.viewport import ViewportWidget
from viewers.tools.navigate import Navigation
from viewers.tools.pointer import ActiveTool, MouseProfile


class BoardHands:
    """Holds what was chosen for all cells; ``pictures`` and ``panes`` give those there are."""

    def __init__(
        self, pictures: Callable[[], Iterable[ViewportWidget]], panes: Callable[[], Iterable[PaneWidget]]
    ) -> None:
        self._pictures = pictures
        self._panes = panes
        self.profile = MouseProfile()
        self.tool: ActiveTool = self.profile.left
        self.has_lens = False

    def set_tool(self, tool: ActiveTool) -> None:
        """Choose what the left button does everywhere."""
        self.tool = tool
        for cell in self._cells():
            cell.set_tool(tool)

    def set_profile(self, profile: MouseProfile) -> None:
        """Choose what the buttons do everywhere; a measuring tool stays in hand."""
        self.profile = profile
        for cell in self._cells():
            cell.set_profile(profile)
        if isinstance(self.tool, Navigation):
            self.set_tool(profile.left)

    def set_lens(self, is_on: bool) -> None:
        """Hold a lens under the pointer, over whichever picture it is, or put it away."""
        self.has_lens = is_on
        for picture in self._pictures():
            picture.set_lens(is_on)

    def put_into(self, cell: ViewportWidget | PaneWidget) -> None:
        """Give a new cell what was chosen."""
        cell.set_profile(self.profile)
        cell.set_tool(self.tool)
        if isinstance(cell, ViewportWidget):
            cell.set_lens(self.has_lens)

    def _cells(self) -> Iterator[ViewportWidget | PaneWidget]:
        yield from self._pictures()
        yield from self._panes()
