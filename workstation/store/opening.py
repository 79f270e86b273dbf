"""How the database of a profile is opened: alone after a crash, shared otherwise, and repaired where it must be."""

import logging
from datetime import datetime, timedelta

from workstation.config import Profile
from workstation.domain.clock import Clock
from workstation.store.backups import Backups
from workstation.store.database import Database
from workstation.store.errors import DatabaseDamaged, RepairWaits, error_of_disk
from workstation.store.in_use import InUse
from workstation.store.repair import OpenReplay, Repair
from workstation.store.restoration import Restoration, Source
from workstation.store.settings import SettingsStore

CHECK_EVERY = timedelta(days=7)
_CHECKED = "integrity_checked"

_log = logging.getLogger(__name__)


class Opening:
    """Opens the database of one profile, and repairs it when it is damaged or lost and nobody else has it open."""

    def __init__(
        self, profile: Profile, key: bytes, clock: Clock, in_use: InUse, backups: Backups, replay: OpenReplay
    ) -> None:
        self._profile = profile
        self._key = key
        self._clock = clock
        self._in_use = in_use
        self._backups = backups
        self._replay = replay
        self._repair = Repair(profile, key, clock, backups, replay)

    def open(self) -> Database:
        """Return the open database, shared with other processes.

        Raises
        ------
        RepairWaits
            When it is damaged while another process has it open.
        DatabaseDamaged
            When it is damaged, or belongs to other keys, and there is nothing to repair it from.
        StoreFull, StoreUnwritable, StoreBusy, NewerSchema
            When it cannot be used; that is no damage, and nothing is repaired.
        """
        alone = self._needs_care() and self._in_use.take_alone()
        if not alone:
            self._in_use.share()
        try:
            database = self._opened(alone=alone)
        except DatabaseDamaged:
            if not alone and not self._in_use.take_alone():
                raise RepairWaits("another process has the damaged database open") from None
            database = self._repaired()
        self._in_use.share()
        return database

    def _needs_care(self) -> bool:
        """Whether the last process died, or a repair of it: a log is left, or the database is not in its place."""
        log = self._profile.database.with_name(f"{self._profile.database.name}-wal")
        try:
            left = log.exists() and log.stat().st_size > 0
        except OSError as error:
            raise error_of_disk(error) from error
        return left or self._repair.is_unfinished or self._repair.is_lost

    def _opened(self, *, alone: bool) -> Database:
        if self._repair.is_unfinished or self._repair.is_lost:
            raise DatabaseDamaged("the database is not in its place")
        database = self._open_file()
        try:
            if alone:
                self._replay(database).run(Restoration(self._clock(), Source.CRASH))
                self._replay(database).complete_copies()
            self._check_weekly(database, alone=alone)
        except BaseException:
            database.close()
            raise
        return database

    def _repaired(self) -> Database:
        # Another process may have repaired it while this one waited for its turn.
        try:
            return self._opened(alone=True)
        except DatabaseDamaged:
            _log.warning("the database is damaged or lost")
        self._repair.run()
        return self._open_file()

    def _open_file(self) -> Database:
        return Database.open(
            self._profile.database, self._key, self._clock, before_migration=self._backups.make_before_migration
        )

    def _check_weekly(self, database: Database, *, alone: bool) -> None:
        """Authenticate every page, free ones too, once a week: only while nobody writes."""
        settings = SettingsStore(database)
        if not _is_due(settings.value(_CHECKED), self._clock()):
            return
        if not alone and not self._in_use.take_alone():
            self._in_use.share()
            return
        if database.count_unauthentic_pages():
            raise DatabaseDamaged("pages are not what was written")
        settings.set_value(_CHECKED, self._clock().isoformat())


def _is_due(checked: str | None, now: datetime) -> bool:
    return checked is None or not timedelta(0) <= now - datetime.fromisoformat(checked) < CHECK_EVERY
