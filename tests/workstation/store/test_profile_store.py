"""A whole profile: nothing readable on the disk, and it may be moved while closed."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workstation.store.inspected import inspected
from tests.workstation.store.samples import HUB, fixed_clock, make_completion, make_draft, make_object, make_request
from workstation.audit.events import AuditEvent
from workstation.config import Profile
from workstation.domain.delivery import ObjectRole
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import DraftId, RequestId, TransactionUID
from workstation.domain.request import RequestKey
from workstation.store.errors import DatabaseDamaged, ProfileInUse
from workstation.store.profile_lock import ProfileLock
from workstation.store.profile_store import ProfileStore
from workstation.vault.vault import Vault

MARKER = "ZZMARKERZZ"
PASSPHRASE = "correct horse"


def fill(store: ProfileStore) -> None:
    store.settings.add_hub(HubSettings(HUB, f"http://{MARKER}", secret=MARKER))
    store.settings.set_secret("key", MARKER.encode())
    store.requests.replace_all(HUB, (make_request(question=MARKER),))
    store.claims.remember(RequestKey(RequestId(MARKER), HUB), TransactionUID(MARKER))
    store.catalogue.record(inspected(name=MARKER), MARKER)
    store.objects.put(inspected().instance, MARKER.encode() * 100_000, durable=True)
    for number in range(30):
        store.drafts.save(make_draft(f"{MARKER}{number}", MARKER * 200))
    signed = make_object(ObjectRole.REPORT, content=MARKER.encode() * 20_000)
    completion = replace(make_completion(), draft=DraftId(f"{MARKER}0"))
    store.outbox.enqueue(completion.draft, None, HUB, [signed], demonstration=False, completion=completion)
    store.audit.record(AuditEvent.OPENED, actor=MARKER, detail=MARKER)


def readable(folder: Path) -> list[Path]:
    """Return the files whose name or bytes show the marker, in the encodings it could take."""
    forms = [MARKER.encode("utf-8"), MARKER.encode("utf-16-le"), MARKER.encode().hex().encode()]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) >= 5
    return [path for path in files if MARKER in path.name or any(form in path.read_bytes() for form in forms)]


def test_a_new_profile_has_room_for_images_and_one_whose_images_are_away_is_not_taken_for_new(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    vault = Vault.create(profile.keys, PASSPHRASE, None, fixed_clock)
    with ProfileStore.open(profile, vault, fixed_clock) as store:
        assert len(list(profile.objects.iterdir())) > 100
    profile.objects.rename(tmp_path / "away")
    with ProfileStore.open(profile, vault, fixed_clock) as store:
        assert not store.objects.is_there()


def test_nothing_of_a_profile_is_readable_on_the_disk(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    vault = Vault.create(profile.keys, PASSPHRASE, None, fixed_clock)
    with ProfileStore.open(profile, vault, fixed_clock) as store:
        fill(store)
        assert readable(profile.home) == []
    assert readable(profile.home) == []
    (profile.home / "plain").write_text(MARKER)
    assert len(readable(profile.home)) == 1


def test_a_profile_may_be_moved_while_closed(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "here")
    vault = Vault.create(profile.keys, PASSPHRASE, None, fixed_clock)
    with ProfileStore.open(profile, vault, fixed_clock) as store:
        fill(store)
    moved = Profile(profile.home.rename(tmp_path / "there"))
    with ProfileStore.open(moved, Vault.open(moved.keys, PASSPHRASE, None), fixed_clock) as store:
        assert store.objects.get(inspected().instance) == MARKER.encode() * 100_000
        assert len(store.drafts.open_drafts()) == 29
        assert store.audit.verify() == ()


def test_the_keys_of_another_profile_open_nothing(tmp_path: Path) -> None:
    one, two = Profile(tmp_path / "one"), Profile(tmp_path / "two")
    ProfileStore.open(one, Vault.create(one.keys, PASSPHRASE, None, fixed_clock), fixed_clock).close()
    other = Vault.create(two.keys, PASSPHRASE, None, fixed_clock)
    with pytest.raises(DatabaseDamaged):
        ProfileStore.open(one, other, fixed_clock)


def test_one_window_holds_the_profile_until_it_dies(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = (
        "import sys; from pathlib import Path; from workstation.store.profile_lock import ProfileLock\n"
        "with ProfileLock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(ProfileInUse), ProfileLock(path):
            pytest.fail("two windows hold one profile")
        holder.kill()
    with ProfileLock(path):
        pass
    with ProfileLock(path):
        pass
