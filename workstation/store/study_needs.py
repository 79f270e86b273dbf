"""What a held study is still needed for: nothing of it is evicted as long as one of these holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum

from viewers.identifiers import StudyUID
from workstation.domain.delivery import SETTLED, SETTLED_COMPLETIONS
from workstation.domain.report import DraftState
from workstation.store.database import Connection
from workstation.store.errors import RecordDamaged
from workstation.store.records import draft_from_json
from workstation.store.request_records import request_from_json


class Need(StrEnum):
    """Why a study stays. ``ONLY_COPY``: it came from files and may lie on no hub."""

    OPEN_DRAFT = "open_draft"
    UNSENT = "unsent"
    UNANSWERED = "unanswered"
    CLAIMED = "claimed"
    ONLY_COPY = "only_copy"
    KEPT = "kept"


IMPORTED = "import"


def needs(connection: Connection) -> dict[StudyUID, frozenset[Need]]:
    """Return, for each study that something needs, what that is."""
    found: dict[StudyUID, set[Need]] = defaultdict(set)

    def note(studies: Iterable[object], need: Need) -> None:
        for study in studies:
            found[StudyUID(str(study))].add(need)

    note(_column(connection, "SELECT study FROM study_use WHERE kept = 1"), Need.KEPT)
    note(_column(connection, "SELECT DISTINCT study FROM instances WHERE origin = ?", IMPORTED), Need.ONLY_COPY)
    unsent = "SELECT DISTINCT study FROM deliveries WHERE state NOT IN (?, ?)"
    note(_column(connection, unsent, *(state.value for state in SETTLED)), Need.UNSENT)
    note(_studies_of_drafts(connection), Need.OPEN_DRAFT)
    unanswered = "SELECT request FROM completions WHERE state NOT IN (?, ?)"
    untold = _column(connection, unanswered, *(state.value for state in SETTLED_COMPLETIONS))
    note(_studies_of(connection, untold), Need.UNANSWERED)
    note(_studies_of(connection, _column(connection, "SELECT request FROM claims")), Need.CLAIMED)
    return {study: frozenset(why) for study, why in found.items()}


def _studies_of_drafts(connection: Connection) -> Iterator[object]:
    """Yield the studies of open drafts, those of their requests, and those on which they have marks."""
    query = "SELECT study, request, body FROM drafts WHERE state = ?"
    for study, request, body in connection.execute(query, (DraftState.OPEN.value,)).fetchall():
        yield study
        yield from _studies_of(connection, (request,))
        try:
            marks = draft_from_json(str(body)).annotations
        except RecordDamaged:
            # Who opens the draft is told; its study stays meanwhile.
            continue
        for mark in marks:
            yield from _column(connection, "SELECT study FROM instances WHERE uid = ?", mark.instance)


def _column(connection: Connection, query: str, *parameters: str) -> list[object]:
    return [row[0] for row in connection.execute(query, parameters).fetchall()]


def _studies_of(connection: Connection, requests: Iterable[object]) -> list[StudyUID]:
    """Return the studies and priors of requests, as far as these are known."""
    studies: list[StudyUID] = []
    for wanted in requests:
        for body in _column(connection, "SELECT body FROM requests WHERE id = ?", str(wanted)):
            request = request_from_json(str(body))
            studies.extend(reference.study for reference in (*request.studies, *request.priors))
    return studies
