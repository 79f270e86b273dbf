"""The steps of a reading: how each changes the draft, how it is taken back, and which of them are kept. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from viewers.annotations.model import Annotation
from workstation.domain.report import (
    Answers,
    Change,
    Draft,
    History,
    MarkChange,
    PartChange,
    Step,
    TextChange,
)
from workstation.reading.errors import StepDoesNotFit

DEPTH = 200
_FIELD = "fields."
_PARTS = ("agreement", "critical", "addendum", "key_images")


def changed(draft: Draft, changes: tuple[Change, ...]) -> Draft:
    """Return the draft after some changes, each a step of its own.

    Raises
    ------
    StepDoesNotFit
        A change starts from something else than the draft.
    """
    for change in changes:
        history = draft.history
        number = history.last_number + 1
        steps = (*history.done, Step(number, change))[-DEPTH:]
        draft = replace(applied(draft, change), history=History(steps, 0, number))
    return draft


def typed(draft: Draft, changes: tuple[Change, ...], *, is_undo: bool) -> Draft:
    """Return the draft after typing; raises as ``changed``.

    What a text field has undone or done again by itself is a way through the history and no new step, so that its
    undo and the undo of the case never work against each other.
    """
    for change in changes:
        wanted = applied(draft, change).answers
        known = _on_the_way_back(draft, change, wanted) if is_undo else None
        known = known or _on_the_way_forth(draft, change, wanted)
        draft = known or changed(draft, (change,))
    return draft


def undone(draft: Draft) -> Draft | None:
    """Return the draft before its last step, ``None`` where there is none; raises as ``changed``."""
    history = draft.history
    if not history.done:
        return None
    before = applied(draft, inverse(history.done[-1].change))
    return replace(before, history=replace(history, undone=history.undone + 1))


def redone(draft: Draft) -> Draft | None:
    """Return the draft after the step that was taken back last, ``None`` where there is none; raises as ``changed``."""
    history = draft.history
    if not history.taken_back:
        return None
    after = applied(draft, history.taken_back[0].change)
    return replace(after, history=replace(history, undone=history.undone - 1))


def without_history(draft: Draft) -> Draft:
    """Return the draft as it stands, with no way back; its steps keep their numbers to themselves."""
    return replace(draft, history=History(last_number=draft.history.last_number))


def inverse(change: Change) -> Change:
    """Return the change that takes another one back."""
    match change:
        case MarkChange(place, before, after):
            return MarkChange(place, after, before)
        case TextChange(section, at, removed, inserted):
            return TextChange(section, at, inserted, removed)
        case PartChange(part, before, after):
            return PartChange(part, after, before)


def applied(draft: Draft, change: Change) -> Draft:
    """Return the draft with one change made, its history as it was; raises as ``changed``."""
    match change:
        case MarkChange():
            return replace(draft, annotations=_marked(draft.annotations, change))
        case TextChange():
            sections = _with_text(draft.answers.sections, change)
            return replace(draft, answers=replace(draft.answers, sections=sections))
        case PartChange():
            return replace(draft, answers=_with_part(draft.answers, change))


def changes_of_answers(before: Answers, after: Answers) -> tuple[Change, ...]:
    """Return what leads from one state of the answers to another, a change for each section and part."""
    names = (*before.sections, *(name for name in after.sections if name not in before.sections))
    texts = (text_change(name, before.sections.get(name), after.sections.get(name)) for name in names)
    fields = (*before.fields, *(name for name in after.fields if name not in before.fields))
    parts = (
        *(PartChange(name, getattr(before, name), getattr(after, name)) for name in _PARTS),
        *(PartChange(_FIELD + name, before.fields.get(name), after.fields.get(name)) for name in fields),
    )
    return (
        *(one for one in texts if one.removed != one.inserted),
        *(one for one in parts if one.before != one.after),
    )


def text_change(section: str, before: str | None, after: str | None) -> TextChange:
    """Return the smallest change of one section's text."""
    if before is None or after is None:
        return TextChange(section, 0, before, after)
    shortest = min(len(before), len(after))
    start = next((at for at in range(shortest) if before[at] != after[at]), shortest)
    rest = shortest - start
    end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    return TextChange(section, start, before[start : len(before) - end], after[start : len(after) - end])


def part_of(change: Change) -> str:
    """Return what a change is of: one section, one part of the answers, or the marks."""
    match change:
        case MarkChange():
            return "annotations"
        case TextChange(section):
            return f"sections.{section}"
        case PartChange(part):
            return part


def _on_the_way_back(draft: Draft, change: Change, wanted: Answers) -> Draft | None:
    while draft.history.done and part_of(draft.history.done[-1].change) == part_of(change):
        earlier = undone(draft)
        if earlier is None:
            return None
        if _reads_as(earlier.answers, wanted):
            return earlier
        draft = earlier
    return None


def _on_the_way_forth(draft: Draft, change: Change, wanted: Answers) -> Draft | None:
    while draft.history.taken_back and part_of(draft.history.taken_back[0].change) == part_of(change):
        later = redone(draft)
        if later is None:
            return None
        if _reads_as(later.answers, wanted):
            return later
        draft = later
    return None


def _reads_as(answers: Answers, other: Answers) -> bool:
    """Whether both read the same; a field cannot tell an empty text from none."""
    texts = [{name: text for name, text in one.sections.items() if text} for one in (answers, other)]
    return texts[0] == texts[1] and replace(answers, sections=other.sections) == other


def _marked(marks: tuple[Annotation, ...], change: MarkChange) -> tuple[Annotation, ...]:
    place = change.place
    if change.before is None:
        if place > len(marks) or change.after is None:
            raise StepDoesNotFit("no such place among the marks")
        return (*marks[:place], change.after, *marks[place:])
    if place >= len(marks) or marks[place] != change.before:
        raise StepDoesNotFit("another mark stands there")
    after = () if change.after is None else (change.after,)
    return (*marks[:place], *after, *marks[place + 1 :])


def _with_text(sections: Mapping[str, str], change: TextChange) -> dict[str, str]:
    present = sections.get(change.section)
    start, end = change.at, change.at + len(change.removed or "")
    if (present is None) != (change.removed is None) or (present or "")[start:end] != (change.removed or ""):
        raise StepDoesNotFit("another text stands there")
    others = {name: text for name, text in sections.items() if name != change.section}
    if change.inserted is None:
        return others
    text = (present or "")[:start] + change.inserted + (present or "")[end:]
    if present is None:
        return {**others, change.section: text}
    return {name: text if name == change.section else known for name, known in sections.items()}


def _with_part(answers: Answers, change: PartChange) -> Answers:
    if not change.part.startswith(_FIELD):
        if getattr(answers, change.part) != change.before:
            raise StepDoesNotFit("another value stands there")
        part: dict[str, Any] = {change.part: change.after}
        return replace(answers, **part)
    name = change.part.removeprefix(_FIELD)
    if answers.fields.get(name) != change.before:
        raise StepDoesNotFit("another value stands there")
    fields = {known: value for known, value in answers.fields.items() if known != name}
    if isinstance(change.after, str | int | float | bool):
        fields[name] = change.after
    return replace(answers, fields=fields)
