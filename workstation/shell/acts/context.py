"""What the handler of an act may use: the case that is open, what is on screen, and how to answer the reader."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from viewers.errors import ReaderError
from viewers.identifiers import AnnotationId, ViewportId
from viewers.image.volume import Volume
from viewers.state.view_state import ViewState
from viewers.tools.intents import NavigationIntent
from workstation.reading.commands import Command
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.session import ReadingSession
from workstation.reading.views import Views
from workstation.shell.comparison_asks import ComparisonAsk
from workstation.shell.viewport_board import ViewportBoard
from workstation.translations import Translator


@dataclass(frozen=True, slots=True)
class PageCalls:
    """What the page does for acts that are not about one viewport.

    ``step_protocol`` goes on by steps of the hanging protocol, and by none hangs its last step again;
    ``show_protocols`` opens the menu of the protocols; ``flush_typing`` makes a step of what is being typed;
    ``show_menu`` opens the menu over a viewport; ``step_series`` opens the series so many places further in the list.
    ``show_keys`` shows the sheet of keys; ``carry`` carries a part of the page to the second window, or home.
    ``admit`` asks about a closed study of the case, ``fetch_anew`` about one that was admitted.
    """

    say: Callable[[str], None]
    refuse: Callable[[ReaderError], None]
    compare: Callable[[], None]
    select: Callable[[AnnotationId | None], None]
    flush_typing: Callable[[], None]
    show_menu: Callable[[ViewportId], None]
    step_protocol: Callable[[int], None]
    show_protocols: Callable[[], None]
    step_series: Callable[[int], None]
    comparison: Callable[[ComparisonAsk], None]
    is_aligning: Callable[[], bool]
    admit: Callable[[], None]
    has_closed: Callable[[], bool]
    fetch_anew: Callable[[], None]
    open_palette: Callable[[], None]
    show_keys: Callable[[], None]
    carry: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The case that acts change."""

    session: ReadingSession
    dispatcher: Dispatcher
    views: Views


@dataclass(frozen=True, slots=True)
class ActContext:
    """What an act may use, as it is when the act is done. Without a case ``views`` is empty.

    ``carried`` is the part of the page that the second window carries.
    """

    page: QWidget
    board: ViewportBoard
    words: Translator
    calls: PageCalls
    views: Views
    case: OpenCase | None
    selected_mark: AnnotationId | None
    carried: str

    @property
    def viewport(self) -> ViewportId:
        """The active viewport."""
        return self.views.layout.active

    @property
    def state(self) -> ViewState | None:
        """What the active viewport is asked to show."""
        return self.views.state(self.viewport)

    @property
    def volume(self) -> Volume | None:
        """The volume in the active viewport."""
        return self.views.volume(self.viewport)

    def change(self, change: Callable[[ViewState], ViewState]) -> None:
        """Change the presentation of the active viewport."""
        self.views.change(self.viewport, change)

    def navigate(self, intent: NavigationIntent) -> None:
        """Go on in the active viewport."""
        self.views.navigate(self.viewport, intent)

    def dispatch(self, command: Command) -> None:
        """Change the draft; a refusal is said to the reader."""
        if self.case is None:
            return
        try:
            self.case.dispatcher.dispatch(command)
        except ReaderError as error:
            self.calls.refuse(error)

    def say(self, key: str, **details: str | int | float) -> None:
        """Say a sentence of the translations to the reader."""
        self.calls.say(self.words.text(key, **details))
