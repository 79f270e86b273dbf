"""Steps of the draft, taken back and done again, and what changes the draft from the pictures."""

from viewers.errors import ReaderError
from workstation.domain.report import KeyImage
from workstation.reading import commands
from workstation.reading.view_changes import shown_slice
from workstation.shell.acts import needs
from workstation.shell.acts.act import BAR_AND_MENU, MENU, Act, Group
from workstation.shell.acts.context import ActContext
from workstation.shell.step_words import step_words


def _step(context: ActContext, way: str) -> None:
    """Take the last step back or do it again, and say which it was: it may be one that is out of sight."""
    case = context.case
    if case is None:
        return
    context.calls.flush_typing()
    try:
        change = case.dispatcher.undo() if way == "undo" else case.dispatcher.redo()
    except ReaderError as error:
        context.calls.refuse(error)
        return
    if change is None:
        context.say(f"reading_page.nothing_to_{way}")
    else:
        context.say(f"reading_page.{way}_done", what=step_words(change, context.words))


def _toggle_key_image(context: ActContext) -> None:
    state, volume = context.state, context.volume
    shown = context.views.resolved(context.viewport)
    if state is None or volume is None:
        return
    if shown is None or shown.slice_index is None:
        context.say("reading_page.key_image_of_stack")
        return
    source = volume.sources[shown_slice(state, volume)]
    context.dispatch(commands.ToggleKeyImage(KeyImage(source.instance, source.frame_index)))


def _delete_mark(context: ActContext) -> None:
    if context.selected_mark is not None:
        context.dispatch(commands.DeleteAnnotation(context.selected_mark))


HISTORY_ACTS = (
    Act(
        "undo",
        Group.HISTORY,
        lambda context: _step(context, "undo"),
        needs=(needs.a_case,),
        places=BAR_AND_MENU,
        is_everywhere=True,
    ),
    Act(
        "redo",
        Group.HISTORY,
        lambda context: _step(context, "redo"),
        needs=(needs.a_case,),
        places=BAR_AND_MENU,
        is_everywhere=True,
    ),
    Act("key_image", Group.KEY_IMAGE, _toggle_key_image, needs=(needs.a_picture,), places=BAR_AND_MENU),
    Act("delete_mark", Group.KEY_IMAGE, _delete_mark, needs=(needs.a_mark,), places=MENU),
)
