"""One row of the table of acts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from viewers.errors import ReaderError
from workstation.shell.acts.context import ActContext

Need = Callable[[ActContext], ReaderError | None]
"""What must hold for an act: returns why it does not, or ``None``."""


class Group(StrEnum):
    """Acts that stand together, in the order of the bar."""

    TOOL = "tool"
    WINDOW = "window"
    MARK = "mark"
    ARRANGEMENT = "arrangement"
    COMPARISON = "comparison"
    PICTURE = "picture"
    IMAGES = "images"
    STEPS = "steps"
    VOLUME = "volume"
    CURVED = "curved"
    DOCUMENT = "document"
    HISTORY = "history"
    KEY_IMAGE = "key_image"
    PAGE = "page"

    @property
    def title_key(self) -> str:
        """The key of the title among the translations."""
        return f"reading_page.group.{self.value}"


class Place(StrEnum):
    """Where an act is offered besides the keys and the palette, which have them all."""

    BAR = "bar"
    MENU = "menu"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do.

    ``do`` is called only where every one of ``needs`` holds; what fails first is said to the reader. An act with
    ``is_on`` is shown as on or off. The keys of one that ``is_everywhere`` act while text is typed, too.
    """

    id: str
    group: Group
    do: Callable[[ActContext], None]
    needs: tuple[Need, ...] = ()
    is_on: Callable[[ActContext], bool] | None = None
    places: frozenset[Place] = field(default=frozenset())
    is_everywhere: bool = False
    title: str = ""

    @property
    def title_key(self) -> str:
        """The key of the title among the translations."""
        return self.title or f"reading_page.act.{self.id}"

    def refusal(self, context: ActContext) -> ReaderError | None:
        """Return why the act cannot be done now, or ``None`` where it can."""
        return next((error for need in self.needs if (error := need(context)) is not None), None)


BAR = frozenset({Place.BAR})
MENU = frozenset({Place.MENU})
BAR_AND_MENU = BAR | MENU
