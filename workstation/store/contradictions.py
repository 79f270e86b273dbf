"""The contradictions for which studies were barred, and those of them that a person has admitted."""

import json
from collections.abc import Sequence

from viewers.identifiers import StudyUID
from workstation.domain.contradiction import Contradiction
from workstation.domain.identity import Trait
from workstation.store.database import Connection, Row
from workstation.store.errors import RecordDamaged


def note(connection: Connection, study: StudyUID, found: Contradiction) -> None:
    """Note a contradiction of a study; one that is noted already is left as it is."""
    connection.execute(
        "INSERT INTO contradictions (study, body) VALUES (?, ?) ON CONFLICT (study, body) DO NOTHING",
        (study, _body(found)),
    )


def open_contradictions(connection: Connection, study: StudyUID) -> tuple[Contradiction, ...]:
    """Return the contradictions of a study that nobody has admitted."""
    return _read(connection, study, is_admitted=False)


def admitted_contradictions(connection: Connection, study: StudyUID) -> frozenset[Contradiction]:
    """Return the contradictions of a study that a person has admitted."""
    return frozenset(_read(connection, study, is_admitted=True))


def settle(connection: Connection, study: StudyUID, admitted: Sequence[Contradiction]) -> None:
    """Note what of the open contradictions of a study a person has admitted, and forget the others."""
    connection.executemany(
        "UPDATE contradictions SET admitted = 1 WHERE study = ? AND body = ?",
        [(study, _body(one)) for one in admitted],
    )
    connection.execute("DELETE FROM contradictions WHERE study = ? AND admitted = 0", (study,))


def _body(found: Contradiction) -> str:
    return json.dumps([found.traits, found.known, found.came])


def _read(connection: Connection, study: StudyUID, *, is_admitted: bool) -> tuple[Contradiction, ...]:
    rows = connection.execute(
        "SELECT body FROM contradictions WHERE study = ? AND admitted = ? ORDER BY rowid", (study, int(is_admitted))
    ).fetchall()
    return tuple(map(_contradiction, rows))


def _contradiction(row: Row) -> Contradiction:
    try:
        traits, known, came = json.loads(str(row[0]))
        return Contradiction(tuple(map(Trait, traits)), tuple(map(str, known)), tuple(map(str, came)))
    except (ValueError, TypeError) as error:
        raise RecordDamaged("a contradiction cannot be read") from error
