"""Taking a study over and claiming leave an audit line, in the transaction of the act."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.workstation.store.inspected import inspected
from workstation.audit.events import AuditEvent
from workstation.config import Profile
from workstation.domain.clock import system_clock
from workstation.domain.digest import Digest
from workstation.domain.reader import Reader
from workstation.store.errors import InstanceConflict
from workstation.store.profile_store import ProfileStore
from workstation.vault.vault import Vault


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    profile = Profile(tmp_path)
    vault = Vault.create(profile.keys, "a passphrase", None, system_clock)
    return ProfileStore.open(profile, vault)


def test_a_study_that_is_taken_over_is_recorded_once(store: ProfileStore) -> None:
    store.settings.set_reader(Reader("A", "42", "O"))
    one, other = inspected(1), inspected(2)
    store.catalogue.record_all((one, other), "hub")
    setting, line = store.audit.lines()
    assert setting.event is AuditEvent.SETTINGS_CHANGED
    assert (line.event, line.actor, line.object, line.detail) == (
        AuditEvent.RETRIEVED,
        "42",
        one.study,
        '{"instances":2}',
    )
    assert store.audit.verify() == ()
    store.close()


def test_an_import_is_told_from_a_retrieval(store: ProfileStore) -> None:
    store.catalogue.record(inspected(1), "import")
    assert [line.event for line in store.audit.lines()] == [AuditEvent.IMPORTED]
    store.close()


def test_what_was_refused_leaves_no_line_of_a_success(store: ProfileStore) -> None:
    store.catalogue.record(inspected(1), "hub")
    with pytest.raises(InstanceConflict):
        store.catalogue.record_all((inspected(2), replace(inspected(1), digest=Digest(b"other"))), "hub")
    assert len(store.audit.lines()) == 1
    store.close()
