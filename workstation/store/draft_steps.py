"""The steps of drafts in the database: each is written once, and erased when the history has forgotten it."""

import logging

from workstation.domain.identifiers import DraftId
from workstation.domain.report import Change, Draft, Step
from workstation.store.database import Connection
from workstation.store.errors import RecordDamaged
from workstation.store.step_records import Steps, step_from_json, step_to_json

_log = logging.getLogger("workstation.store")


def keep_steps(connection: Connection, draft: Draft) -> tuple[Step, ...]:
    """Make the table agree with the draft's history, and return the steps that were not there before."""
    rows = connection.execute("SELECT number FROM draft_steps WHERE draft = ?", (draft.id,)).fetchall()
    known = {int(str(row[0])) for row in rows}
    wanted = {step.number for step in draft.history.steps}
    gone = [(draft.id, number) for number in known - wanted]
    if gone:
        connection.executemany("DELETE FROM draft_steps WHERE draft = ? AND number = ?", gone)
    fresh = tuple(step for step in draft.history.steps if step.number not in known)
    if fresh:
        connection.executemany(
            "INSERT INTO draft_steps (draft, number, body) VALUES (?, ?, ?)",
            [(draft.id, step.number, step_to_json(step)) for step in fresh],
        )
    return fresh


def steps_of(connection: Connection, draft: DraftId) -> Steps:
    """Return the steps of a draft; one that cannot be read is left out, and what lies beyond it is not undone."""
    steps: dict[int, Change] = {}
    for (body,) in connection.execute("SELECT body FROM draft_steps WHERE draft = ?", (draft,)).fetchall():
        try:
            step = step_from_json(str(body))
        except RecordDamaged as error:
            _log.warning("a step of a draft's history is unreadable: %s", error.technical)
            continue
        steps[step.number] = step.change
    return steps
