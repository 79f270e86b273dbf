"""Housekeeping: what goes and what must stay, after crashes too."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.workstation.retrieval.desk import PlayedHub, slice_of
from tests.workstation.store.samples import KEY, NOW, make_draft
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.pool import DecoderPool
from workstation.durable import FileCalls
from workstation.retrieval.housekeeping import Housekeeping
from workstation.retrieval.ports import Cancelled
from workstation.retrieval.pull import Retrieval
from workstation.store.audit import AuditLog
from workstation.store.catalogue import Catalogue
from workstation.store.database import Database
from workstation.store.drafts import DraftStore
from workstation.store.errors import ObjectDamaged, StoreUnwritable, StudyMissing, StudyNeeded
from workstation.store.journal import DraftJournal
from workstation.store.library import Library
from workstation.store.objects import ObjectStore
from workstation.store.reserve import Reserve
from workstation.store.retention import GIBIBYTE, Retention
from workstation.translations import translator

ALL = ("1.2.3", "1.2.4", "1.2.5")
DAY = timedelta(days=1)


@dataclass
class House:
    """Three studies, fetched a day apart, the first of them the oldest."""

    folder: Path
    pool: DecoderPool
    now: datetime = NOW
    retention: Retention = field(default_factory=lambda: Retention(free_bytes=0, reserve_bytes=0))
    on_hub: Callable[[StudyUID, Cancelled], bool] = lambda _study, _cancelled: True
    calls: FileCalls = field(default_factory=FileCalls)
    restored_at: datetime | None = None

    def __post_init__(self) -> None:
        self.database = Database.open(self.folder / "profile.db", KEY, self.clock)
        self.audit = AuditLog(self.database, KEY, self.clock)
        self.catalogue = Catalogue(self.database, self.clock)
        self.library = Library(self.database, self.audit, self.clock)
        self.objects = ObjectStore(self.folder / "objects", KEY, self.calls)
        for study in ALL:
            self.fetch(study)
            self.now += DAY

    def clock(self) -> datetime:
        return self.now

    def fetch(self, study: str) -> None:
        series = SeriesUID(f"{study}.4")
        part10s = [slice_of(number, series=series, StudyInstanceUID=study) for number in (1, 2)]
        hub = PlayedHub(part10s, stated=2, study=StudyUID(study), series=series)
        Retrieval(self.catalogue, self.objects, self.pool, translator("en")).pull(hub, StudyUID(study))

    @property
    def keeping(self) -> Housekeeping:
        return Housekeeping(
            self.catalogue, self.library, self.objects, Reserve(self.folder / "reserve", lambda: 0),
            lambda: self.retention, self.on_hub, lambda: "reader", lambda: self.restored_at, translator("en"),
            self.clock,
        )  # fmt: skip

    def held(self) -> list[str]:
        return sorted(study.uid for study in self.catalogue.studies())

    def files(self) -> list[Path]:
        return [path for path in (self.folder / "objects").rglob("*") if path.is_file()]


@pytest.fixture
def house(tmp_path: Path, pool: DecoderPool) -> House:
    return House(tmp_path, pool)


def test_within_its_limits_nothing_goes(house: House) -> None:
    done = house.keeping.run()
    assert (done.evicted, done.swept, done.lost) == ((), 0, 0)
    assert len(house.files()) == 6


def test_over_the_quota_the_longest_unused_go_with_their_files_and_an_audit_line(house: House) -> None:
    size = house.objects.size_bytes() // 3
    house.retention = Retention(quota_bytes=size + 100, free_bytes=0)
    house.library.use(StudyUID("1.2.3"))
    house.now += DAY
    assert house.keeping.run().evicted == ("1.2.4", "1.2.5")
    assert house.held() == ["1.2.3"]
    assert len(house.files()) == 2
    lines = [(line.event.value, line.object, line.detail) for line in house.audit.lines()]
    assert lines == [("deleted", "1.2.4", "room 2"), ("deleted", "1.2.5", "room 2")]
    house.fetch("1.2.4")
    assert house.held() == ["1.2.3", "1.2.4"]


def test_after_its_days_a_study_goes_and_not_before(house: House) -> None:
    house.retention = Retention(keep_days=10, free_bytes=0)
    house.now = NOW + 10 * DAY
    assert house.keeping.run().evicted == ()
    house.now += timedelta(seconds=1)
    assert house.keeping.run().evicted == ("1.2.3",)


def test_on_a_full_disk_the_oldest_go(house: House) -> None:
    house.retention = Retention(free_bytes=1 << 62)
    assert set(house.keeping.run().evicted) == set(ALL)


def test_what_is_needed_open_or_just_used_stays_however_full_the_disk_is(house: House) -> None:
    house.retention = Retention(quota_bytes=1, keep_days=1, free_bytes=1 << 62)
    house.now += 100 * DAY
    DraftStore(house.database, DraftJournal(house.folder / "journal", KEY)).save(make_draft())
    house.library.use(StudyUID("1.2.4"))
    assert house.keeping.run(open_now=(StudyUID("1.2.5"),)).evicted == ()
    assert house.held() == list(ALL)
    assert house.keeping.run().evicted == ("1.2.5",)
    house.now += timedelta(hours=2)
    assert house.keeping.run().evicted == ("1.2.4",)
    assert house.held() == ["1.2.3"]


def test_what_no_hub_has_stays_and_hubs_are_not_asked_for_ever(house: House) -> None:
    asked: list[str] = []
    house.retention = Retention(quota_bytes=1, free_bytes=0)
    house.on_hub = lambda study, _cancelled: bool(asked.append(study)) or study == "1.2.5"
    assert house.keeping.run().evicted == ("1.2.5",)
    house.on_hub = lambda study, _cancelled: bool(asked.append(study))
    for study in ("1.2.6", "1.2.7", "1.2.8"):
        house.fetch(study)
    house.now += DAY
    asked.clear()
    assert house.keeping.run().evicted == ()
    assert len(asked) == 3


def test_what_was_imported_is_never_evicted_and_erased_only_when_asked(house: House) -> None:
    with house.database.write() as connection:
        connection.execute("UPDATE instances SET origin = 'import' WHERE study = '1.2.3' AND number = 1")
    house.retention = Retention(quota_bytes=1, keep_days=1, free_bytes=1 << 62)
    house.now += 100 * DAY
    assert "1.2.3" not in house.keeping.run().evicted
    assert house.keeping.erase(StudyUID("1.2.3")) == 2
    assert house.files() == []
    assert house.audit.lines()[-1].detail == "asked 2"


def test_unfinished_work_forbids_erasing_in_words(house: House) -> None:
    DraftStore(house.database, DraftJournal(house.folder / "journal", KEY)).save(make_draft())
    with pytest.raises(StudyNeeded) as refused:
        house.keeping.erase(StudyUID("1.2.3"))
    assert "a report is being written" in translator("en").error(refused.value)
    with pytest.raises(StudyMissing):
        house.keeping.erase(StudyUID("9.9"))
    assert len(house.files()) == 6


class StopsAfterOne(FileCalls):
    """Lets one key be destroyed, then stands for a process that is killed."""

    flushes = 0

    def flush(self, descriptor: int) -> None:
        self.flushes += 1
        if self.flushes == 2:
            raise OSError(5, "killed")
        super().flush(descriptor)


def test_an_erasure_that_was_cut_short_shows_nothing_and_is_finished_at_the_next_start(
    tmp_path: Path, pool: DecoderPool
) -> None:
    house = House(tmp_path, pool, calls=StopsAfterOne())
    with pytest.raises(StoreUnwritable):
        house.keeping.erase(StudyUID("1.2.3"))
    assert house.held() == ["1.2.4", "1.2.5"]
    assert house.audit.lines()[-1].event.value == "deleted"
    assert len(house.files()) == 5
    house.keeping.finish_erasures()
    assert len(house.files()) == 4
    assert house.library.to_destroy() == ()


def test_a_destroyed_key_opens_no_copy_of_the_file(house: House) -> None:
    """The room on the disk that the file took holds no salt any more, whatever undeletes it."""
    (path, *_) = house.files()
    link = house.folder / "undeleted"
    os.link(path, link)
    before = link.read_bytes()
    for study in ALL:
        house.keeping.erase(StudyUID(study))
    after = link.read_bytes()
    assert len(after) == len(before)
    assert after[:100] != before[:100]
    link.replace(path)
    (undeleted,) = [
        InstanceUID(f"{study}.4.{number}")
        for study in ALL
        for number in (1, 2)
        if house.objects.has(InstanceUID(f"{study}.4.{number}"))
    ]
    with pytest.raises(ObjectDamaged):
        house.objects.get(undeleted)
    assert before[8:100] not in after


def test_strangers_are_swept_when_they_are_old_and_what_lacks_its_file_counts_as_missing(house: House) -> None:
    stray, fresh = house.folder / "objects" / "ab" / "old.tmp", house.folder / "objects" / "ab" / "new.tmp"
    stray.parent.mkdir(exist_ok=True)
    house.objects.put(InstanceUID("9.9.9"), b"of a killed pull", durable=False)
    for path in (stray, fresh):
        path.write_bytes(b"half")
    for path in house.files():
        os.utime(path, (0, house.now.timestamp() - 3600 if path == fresh else 0))
    house.objects.delete(InstanceUID("1.2.4.4.2"))
    done = house.keeping.run()
    assert (done.swept, done.lost) == (2, 1)
    assert len(house.files()) == 6
    assert fresh.exists()
    (refusal,) = house.catalogue.refused(StudyUID("1.2.4"))
    assert refusal.instance == "1.2.4.4.2"
    shelf = next(one for one in house.keeping.overview().shelves if one.study.study == "1.2.4")
    assert (shelf.study.instances, shelf.study.missing) == (1, 1)


def test_what_a_restored_catalogue_may_have_forgotten_is_not_swept(house: House) -> None:
    imported = InstanceUID("9.9.9")
    house.objects.put(imported, b"imported after the backup", durable=True)
    for path in house.files():
        os.utime(path, (0, house.now.timestamp() - 3 * 86400))
    house.restored_at = house.now - 2 * DAY
    assert house.keeping.run().swept == 0
    assert house.objects.get(imported) == b"imported after the backup"
    house.restored_at = None
    assert house.keeping.run().swept == 1


def test_without_its_folder_nothing_is_called_lost(house: House) -> None:
    (house.folder / "objects").rename(house.folder / "elsewhere")
    assert house.keeping.run().lost == 0
    (house.folder / "elsewhere").rename(house.folder / "objects")
    assert house.keeping.run().lost == 0


def test_the_overview_adds_up(house: House) -> None:
    overview = house.keeping.overview()
    assert overview.size_bytes == house.objects.size_bytes()
    assert [shelf.study.study for shelf in overview.shelves] == list(ALL)
    assert [shelf.until for shelf in overview.shelves] == [NOW + n * DAY + 30 * DAY for n in range(3)]
    assert overview.retention.quota_bytes == Retention().quota_bytes == 20 * GIBIBYTE
    house.library.keep(StudyUID("1.2.3"), True)
    assert house.keeping.overview().shelves[0].until is None
