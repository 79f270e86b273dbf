"""The steps of a draft's history as JSON, one record each, and the history put together from those that are there."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from viewers.annotations.model import Annotation
from workstation.domain.identifiers import DraftId
from workstation.domain.report import (
    Agreement,
    Change,
    CriticalResult,
    History,
    MarkChange,
    Part,
    PartChange,
    Step,
    TextChange,
)
from workstation.store.answer_records import (
    agreement_from_fields,
    agreement_to_object,
    critical_from_fields,
    critical_to_object,
    key_image_from_fields,
    key_image_to_object,
    mark_from_fields,
    mark_to_object,
)
from workstation.store.errors import RecordDamaged
from workstation.store.fields import Fields, JsonObject, encode

STEP_VERSION = 1
Steps = Mapping[int, Change]
StepsOf = Callable[[DraftId], Steps]


def no_steps(_draft: DraftId) -> Steps:
    """Return none: what is read has no way back."""
    return {}


def step_to_json(step: Step) -> str:
    """Return the text of one step."""
    return encode({"version": STEP_VERSION, "number": step.number, **_change(step.change)})


def step_from_json(text: str) -> Step:
    """Read one step back.

    Raises
    ------
    RecordDamaged
        When the text is not one that ``step_to_json`` writes.
    """
    fields = Fields.parse(text, STEP_VERSION)
    return Step(fields.integer("number"), _read_change(fields))


def history_to_object(history: History) -> JsonObject:
    """Return which steps a draft has, by their numbers."""
    return {
        "steps": [step.number for step in history.steps],
        "undone": history.undone,
        "last_number": history.last_number,
    }


def history_from_fields(fields: Fields, steps: Steps) -> History:
    """Put a history together; it ends on both sides at the first step that is not in ``steps``."""
    numbers = [number for number in fields.items("steps") if isinstance(number, int)]
    undone = fields.integer("undone")
    if not 0 <= undone <= len(numbers):
        raise RecordDamaged("more steps are undone than there are")
    present = len(numbers) - undone
    done = _until_missing(reversed(numbers[:present]), steps)[::-1]
    taken_back = _until_missing(numbers[present:], steps)
    return History((*done, *taken_back), len(taken_back), fields.integer("last_number"))


def _until_missing(numbers: Iterable[int], steps: Steps) -> Sequence[Step]:
    found: list[Step] = []
    for number in numbers:
        if number not in steps:
            break
        found.append(Step(number, steps[number]))
    return found


def _change(change: Change) -> JsonObject:
    match change:
        case MarkChange(place, before, after):
            return {"kind": "mark", "place": place, "before": _mark(before), "after": _mark(after)}
        case TextChange(section, at, removed, inserted):
            return {"kind": "text", "section": section, "at": at, "removed": removed, "inserted": inserted}
        case PartChange(part, before, after):
            return {"kind": "part", "part": part, "before": _part(before), "after": _part(after)}


def _read_change(fields: Fields) -> Change:
    match fields.text("kind"):
        case "mark":
            before, after = fields.optional_record("before"), fields.optional_record("after")
            return MarkChange(fields.integer("place"), _read_mark(before), _read_mark(after))
        case "text":
            removed, inserted = fields.optional_text("removed"), fields.optional_text("inserted")
            return TextChange(fields.text("section"), fields.integer("at"), removed, inserted)
        case "part":
            part = fields.text("part")
            return PartChange(part, _read_part(fields, "before", part), _read_part(fields, "after", part))
        case _:
            raise RecordDamaged("a step of no known kind")


def _mark(mark: Annotation | None) -> JsonObject | None:
    return None if mark is None else mark_to_object(mark)


def _read_mark(fields: Fields | None) -> Annotation | None:
    return None if fields is None else mark_from_fields(fields)


def _part(value: Part) -> object:
    match value:
        case Agreement():
            return agreement_to_object(value)
        case CriticalResult():
            return critical_to_object(value)
        case tuple():
            return [key_image_to_object(image) for image in value]
        case _:
            return value


def _read_part(fields: Fields, name: str, part: str) -> Part:
    if part == "key_images":
        return tuple(key_image_from_fields(image) for image in fields.records(name))
    if part in ("agreement", "critical"):
        record = fields.optional_record(name)
        if record is None:
            return None
        return agreement_from_fields(record) if part == "agreement" else critical_from_fields(record)
    return fields.optional_scalar(name)
