"""What a step of the history is called when it is taken back or done again."""

from workstation.domain.report import Change, MarkChange, PartChange, TextChange
from workstation.translations import Translator

_PARTS = ("agreement", "critical", "key_images")


def step_words(change: Change, words: Translator) -> str:
    """Return a few words for one step, such as "mark placed"."""
    return words.text(f"reading_page.step.{_kind(change)}")


def _kind(change: Change) -> str:
    match change:
        case MarkChange(_, None, _):
            return "mark_placed"
        case MarkChange(_, _, None):
            return "mark_removed"
        case MarkChange():
            return "mark_changed"
        case PartChange(part) if part in _PARTS:
            return part
        case TextChange() | PartChange():
            return "text"
