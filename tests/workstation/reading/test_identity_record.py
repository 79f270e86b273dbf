"""That an identity was confirmed stands in the log of acts: who, which study, what differs, and nobody's name."""

from pathlib import Path

from tests.workstation.store.samples import KEY, fixed_clock, open_database
from viewers.identifiers import StudyUID
from workstation.audit.events import AuditEvent
from workstation.audit.facts import read_facts
from workstation.domain.identity import Trait
from workstation.domain.reader import Reader
from workstation.reading.identity_record import IdentityRecord
from workstation.store.audit import AuditLog


def test_a_confirmed_identity_is_recorded_by_the_traits_that_differ(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    audit = AuditLog(database, KEY, fixed_clock)
    IdentityRecord(audit).confirmed(Reader("R", "10003", "O"), StudyUID("2.25.5"), (Trait.NAME, Trait.BIRTH_DATE))
    line = audit.lines()[-1]
    assert (line.event, line.actor, line.object) == (AuditEvent.IDENTITY_CONFIRMED, "10003", "2.25.5")
    assert read_facts(line.detail) == {"differs": "name, birth_date"}
    database.close()
