"""A destroyed database: every word that was acknowledged is back, what was signed still leaves, the reader is told."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workstation.store.damage import DESTRUCTIONS, Filled, delete, filled, overwrite_blocks, zero
from tests.workstation.store.samples import NOW, STUDY
from workstation.audit.events import AuditEvent
from workstation.domain.report import DraftState
from workstation.store.restoration import Source


@pytest.fixture(scope="module")
def with_backup(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return filled(tmp_path_factory.mktemp("with") / "profile")


@pytest.fixture(scope="module")
def without_backup(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return filled(tmp_path_factory.mktemp("without") / "profile", backup=False)


def copied(original: Filled, folder: Path) -> Filled:
    profile = type(original.profile)(folder / "profile")
    shutil.copytree(original.profile.home, profile.home)
    return Filled(profile, original.vault, dict(original.drafts), dict(original.signed))


def test_an_undamaged_profile_opens_without_a_word(with_backup: Filled, tmp_path: Path) -> None:
    one = copied(with_backup, tmp_path)
    with one.open() as store:
        one.assert_whole(store)
        assert store.restoration is None
        assert store.restored_at is None
    assert not one.profile.damaged.exists()


@pytest.mark.parametrize("destroy", DESTRUCTIONS)
def test_after_any_destruction_every_word_and_every_signature_is_back(
    destroy: Callable[[Path], None], with_backup: Filled, tmp_path: Path
) -> None:
    one = copied(with_backup, tmp_path)
    destroy(one.profile.database)
    spoilt = one.profile.database.read_bytes() if one.profile.database.exists() else None
    with one.open() as store:
        one.assert_whole(store)
        restoration = store.restoration
        assert restoration is not None
        assert store.restored_at == restoration.at
        assert (restoration.source, restoration.backup_at) == (Source.BACKUP, NOW)
        assert (restoration.drafts, restoration.signed, restoration.unproven) == (10, 2, 0)
        assert len(store.settings.hubs()) == 1
        assert len(store.catalogue.studies()) == 1
        assert AuditEvent.RESTORED in [line.event for line in store.audit.lines()]
    aside = [path.read_bytes() for path in one.profile.damaged.rglob("profile.db")]
    assert aside == ([] if spoilt is None else [spoilt])
    with one.open() as store:
        one.assert_whole(store)
        assert store.restoration == restoration
        store.note_told()
    with one.open() as store:
        assert store.restoration is None


@pytest.mark.parametrize("destroy", DESTRUCTIONS)
def test_without_any_backup_words_and_signatures_are_back_all_the_same(
    destroy: Callable[[Path], None], without_backup: Filled, tmp_path: Path
) -> None:
    one = copied(without_backup, tmp_path)
    destroy(one.profile.database)
    with one.open() as store:
        one.assert_whole(store)
        restoration = store.restoration
        assert restoration is not None
        assert (restoration.source, restoration.drafts, restoration.signed) == (Source.NOTHING, 15, 3)


def test_a_damaged_backup_is_passed_over(with_backup: Filled, tmp_path: Path) -> None:
    one = copied(with_backup, tmp_path)
    (backup,) = one.profile.backups.glob("*.db")
    later = backup.with_name(backup.name.replace("000001", "000002"))
    shutil.copy(backup, later)
    overwrite_blocks(later)
    zero(one.profile.database)
    with one.open() as store:
        one.assert_whole(store)
        restoration = store.restoration
        assert restoration is not None
        assert restoration.source is Source.BACKUP


def test_a_torn_journal_gives_all_that_was_before_the_tear(with_backup: Filled, tmp_path: Path) -> None:
    one = copied(with_backup, tmp_path)
    journal = one.profile.journal
    with one.open() as store:
        one.save(store, "last", "last words")
    journal.write_bytes(journal.read_bytes()[:-20])
    delete(one.profile.database)
    del one.drafts["last"]
    with one.open() as store:
        one.assert_whole(store)
        one.save(store, "next", "words after the tear")
    delete(one.profile.database)
    with one.open() as store:
        one.assert_whole(store)


def test_a_report_whose_copy_is_lost_stays_signed_and_is_named(with_backup: Filled, tmp_path: Path) -> None:
    one = copied(with_backup, tmp_path)
    shutil.rmtree(one.profile.signings)
    zero(one.profile.database)
    with one.open() as store:
        restoration = store.restoration
        assert restoration is not None
        assert (restoration.signed, restoration.unproven) == (0, 2)
        assert [key for key, _ in restoration.sentences()] == ["restoration.backup", "restoration.unproven"]
        signed = [draft for draft in store.drafts.for_study(STUDY) if draft.state is DraftState.SIGNED]
        assert {draft.id for draft in signed} == {"early 0", "early 11", "late 5"}


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """A profile whose process died: what was written last is in the log only."""
    folder = tmp_path_factory.mktemp("crashed")
    one = filled(folder / "alive")
    with one.open() as store:
        one.save(store, "early 1", "changed just before the end " * 50, minutes=9)
        one.save(store, "before the crash", "written just before the end " * 50)
        one.sign(store, "early 2", 7)
        profile = type(one.profile)(folder / "profile")
        shutil.copytree(one.profile.home, profile.home)
    return replace(one, profile=profile)


@pytest.mark.parametrize("destroy", DESTRUCTIONS)
def test_the_log_of_a_destroyed_database_does_not_spoil_the_restored_one(
    destroy: Callable[[Path], None], crashed: Filled, tmp_path: Path
) -> None:
    one = copied(crashed, tmp_path)
    log = one.profile.home / "profile.db-wal"
    assert log.stat().st_size > 0
    destroy(one.profile.database)
    for _ in range(2):
        with one.open() as store:
            one.assert_whole(store)
            assert store.restoration is not None
