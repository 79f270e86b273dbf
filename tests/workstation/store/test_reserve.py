"""The reserve: given up when the disk is full, so that the words still reach it, and made anew afterwards."""

from pathlib import Path

import pytest

from tests.workstation.store.samples import KEY, make_draft, open_database
from workstation.domain.identifiers import DraftId
from workstation.durable import FileCalls
from workstation.store.drafts import DraftStore
from workstation.store.errors import StoreFull, StoreUnwritable
from workstation.store.journal import DraftJournal
from workstation.store.reserve import Reserve

SIZE = 3_000_000


def test_it_takes_real_room_that_no_compression_gives_back(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", lambda: SIZE)
    assert reserve.build()
    content = (tmp_path / "reserve").read_bytes()
    assert len(content) == SIZE
    assert len(set(content[:4096])) > 200
    assert reserve.build()
    assert (tmp_path / "reserve").read_bytes() == content


def test_it_is_none_where_none_is_wanted_and_changes_with_the_wish(tmp_path: Path) -> None:
    wanted = [SIZE]
    reserve = Reserve(tmp_path / "reserve", lambda: wanted[0])
    reserve.build()
    wanted[0] = SIZE // 2
    assert reserve.build()
    assert (tmp_path / "reserve").stat().st_size == SIZE // 2
    wanted[0] = 0
    assert not reserve.build()
    assert not reserve.is_ready


def test_it_is_not_made_where_it_would_take_the_room_it_is_to_keep(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", lambda: 1 << 60)
    assert not reserve.build()
    assert list(tmp_path.iterdir()) == []


def test_what_needs_no_room_leaves_it_alone(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", lambda: SIZE)
    reserve.build()
    assert reserve.spend(lambda: "done") == "done"
    with pytest.raises(StoreUnwritable):
        reserve.spend(lambda: refuse(StoreUnwritable("no")))
    assert reserve.is_ready
    assert not reserve.is_spent


def refuse(error: Exception) -> None:
    raise error


def test_a_full_disk_takes_it_once_and_then_says_so(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", lambda: SIZE)
    reserve.build()
    with pytest.raises(StoreFull):
        reserve.spend(lambda: refuse(StoreFull("full")))
    assert reserve.is_spent
    assert not reserve.is_ready
    with pytest.raises(StoreFull):
        reserve.spend(lambda: refuse(StoreFull("full")))
    assert reserve.build()
    assert not reserve.is_spent


class FullUntilReserveGoes(FileCalls):
    """A disk whose last room is the reserve."""

    def __init__(self, reserve: Path) -> None:
        self.reserve = reserve

    def write(self, descriptor: int, data: memoryview) -> int:
        if self.reserve.exists():
            raise OSError(28, "full")
        return super().write(descriptor, data)


def test_a_draft_is_saved_in_its_room(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", lambda: SIZE)
    reserve.build()
    journal = DraftJournal(tmp_path / "drafts.journal", KEY, calls=FullUntilReserveGoes(tmp_path / "reserve"))
    database = open_database(tmp_path)
    drafts = DraftStore(database, journal)
    draft = make_draft()
    reserve.spend(lambda: drafts.save(draft))
    assert reserve.is_spent
    assert drafts.load(DraftId("d1")) == draft
    assert journal.recover() == (draft,)
