"""What acts need: each gives the reason why it is missing."""

from viewers.errors import ReaderError
from workstation.reading.view_changes import why_no_planes
from workstation.shell.acts.context import ActContext
from workstation.shell.acts.errors import NoCaseOpen, NoClosedStudy, NoLayer, NoMarkSelected, NoPicture, NothingToLink


def a_case(context: ActContext) -> ReaderError | None:
    """Need an open case."""
    return NoCaseOpen("no case is open") if context.case is None else None


def a_closed_study(context: ActContext) -> ReaderError | None:
    """Need a study of the case that is closed since images of someone else came for it."""
    return None if context.calls.has_closed() else NoClosedStudy("nothing is closed")


def a_picture(context: ActContext) -> ReaderError | None:
    """Need a picture in the active viewport."""
    return a_case(context) or (NoPicture("the active viewport is empty") if context.volume is None else None)


def a_layer(context: ActContext) -> ReaderError | None:
    """Need a volume laid over the picture of the active viewport."""
    state = context.state
    return NoLayer("nothing is laid over the picture") if state is None or state.fused is None else None


def planes(context: ActContext) -> ReaderError | None:
    """Need a volume in the active viewport through which planes can be cut."""
    volume = context.volume
    return a_picture(context) if volume is None else why_no_planes(volume)


def a_mark(context: ActContext) -> ReaderError | None:
    """Need a selected mark."""
    return a_case(context) or (NoMarkSelected("no mark is selected") if context.selected_mark is None else None)


def two_pictures(context: ActContext) -> ReaderError | None:
    """Need pictures in two viewports at least."""
    shown = [viewport for viewport in context.views.layout.viewports if context.views.volume(viewport) is not None]
    return a_picture(context) or (None if len(shown) > 1 else NothingToLink("one picture alone"))
