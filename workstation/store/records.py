"""Drafts as JSON, version by version: the form they have in the database and in the journal.

Version 1 has no history, version 2 does not say whose request is answered; they are read and never written any more.
"""

from viewers.identifiers import StudyUID
from workstation.domain.identifiers import DraftId, HubName, RequestId
from workstation.domain.reader import Reader
from workstation.domain.report import Draft, DraftState, History
from workstation.store.answer_records import answers_from_fields, answers_to_object, mark_from_fields, mark_to_object
from workstation.store.fields import Fields, JsonObject, encode
from workstation.store.step_records import StepsOf, history_from_fields, history_to_object, no_steps

DRAFT_VERSION = 3
_WITHOUT_HISTORY = 1
_WITHOUT_HUB = 2


def draft_to_json(draft: Draft) -> str:
    """Return the text of one draft; of its history it holds only which steps there are, for they never change."""
    return encode(
        {
            "version": DRAFT_VERSION,
            "id": draft.id,
            "study": draft.study,
            "request": draft.request,
            "hub": draft.hub,
            "template": draft.template,
            "language": draft.language,
            "answers": answers_to_object(draft.answers),
            "annotations": [mark_to_object(annotation) for annotation in draft.annotations],
            "author": reader_to_object(draft.author),
            "created": draft.created.isoformat(),
            "saved": draft.saved.isoformat(),
            "state": draft.state.value,
            "view_state": draft.view_state,
            "history": history_to_object(draft.history),
        }
    )


def draft_from_json(text: str, steps_of: StepsOf = no_steps) -> Draft:
    """Read one draft back, with as much of its history as ``steps_of`` knows of it.

    Raises
    ------
    RecordDamaged
        When the text is not one that ``draft_to_json`` writes.
    """
    fields = Fields.parse(text, DRAFT_VERSION, _WITHOUT_HISTORY, _WITHOUT_HUB)
    request = fields.optional_text("request")
    identifier = DraftId(fields.text("id"))
    return Draft(
        id=identifier,
        study=StudyUID(fields.text("study")),
        request=None if request is None else RequestId(request),
        template=fields.text("template"),
        language=fields.text("language"),
        answers=answers_from_fields(fields.record("answers")),
        annotations=tuple(mark_from_fields(item) for item in fields.records("annotations")),
        author=reader_from_fields(fields.record("author")),
        created=fields.time("created"),
        saved=fields.time("saved"),
        state=fields.choice("state", DraftState),
        view_state=fields.text("view_state"),
        history=_history(fields, identifier, steps_of),
        hub=_hub(fields),
    )


def reader_to_object(reader: Reader) -> JsonObject:
    """Return a reader as a JSON object."""
    return {"name": reader.name, "identifier": reader.identifier, "organisation": reader.organisation}


def reader_from_fields(fields: Fields) -> Reader:
    """Read a reader back."""
    return Reader(fields.text("name"), fields.text("identifier"), fields.text("organisation"))


def _hub(fields: Fields) -> HubName | None:
    if fields.integer("version") in (_WITHOUT_HISTORY, _WITHOUT_HUB):
        return None
    hub = fields.optional_text("hub")
    return None if hub is None else HubName(hub)


def _history(fields: Fields, draft: DraftId, steps_of: StepsOf) -> History:
    if fields.integer("version") == _WITHOUT_HISTORY:
        return History()
    return history_from_fields(fields.record("history"), steps_of(draft))
