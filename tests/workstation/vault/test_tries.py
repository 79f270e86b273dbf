"""Wrong passphrases: five are free, then each makes the next one wait longer, also after a new start."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workstation.config import Profile
from workstation.vault.errors import TooManyTries, VaultLocked, WrongPassphrase
from workstation.vault.tries import FIRST_WAIT_S, FREE_TRIES, LONGEST_WAIT_S, Door, Tries
from workstation.vault.unlock import check_passphrase, unlock

PASSPHRASE = "correct horse"


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: datetime = datetime(2026, 11, 22, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Guesser:
    """Somebody who tries, at one door, and starts the program anew before each try."""

    path: Path
    clock: Clock
    tried: int = 0

    def guess(self, *, right: bool = False) -> None:
        def work() -> None:
            self.tried += 1
            if not right:
                raise WrongPassphrase("wrong")

        Tries(self.path, Door.TYPED, self.clock).attempt(work, WrongPassphrase)

    def guess_wrongly(self, times: int) -> None:
        for _ in range(times):
            with pytest.raises(WrongPassphrase):
                self.guess()


@pytest.fixture
def guesser(tmp_path: Path) -> Guesser:
    return Guesser(tmp_path / "tries.json", Clock())


def test_after_five_wrong_tries_even_the_right_one_waits(guesser: Guesser) -> None:
    guesser.guess_wrongly(FREE_TRIES)
    with pytest.raises(TooManyTries) as told:
        guesser.guess(right=True)
    assert told.value.details == {"seconds": FIRST_WAIT_S}
    assert guesser.tried == FREE_TRIES
    guesser.clock.pass_s(FIRST_WAIT_S)
    guesser.guess(right=True)
    guesser.guess_wrongly(FREE_TRIES)


def test_the_wait_doubles_up_to_its_limit(guesser: Guesser) -> None:
    guesser.guess_wrongly(FREE_TRIES)
    waits = []
    for _ in range(12):
        wait_s = Tries(guesser.path, Door.TYPED, guesser.clock).wait_s()
        waits.append(wait_s)
        guesser.clock.pass_s(wait_s - 0.5)
        with pytest.raises(TooManyTries):
            guesser.guess()
        guesser.clock.pass_s(0.5)
        guesser.guess_wrongly(1)
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == LONGEST_WAIT_S


def test_a_clock_set_back_keeps_nobody_out_for_longer_than_the_wait(guesser: Guesser) -> None:
    guesser.guess_wrongly(FREE_TRIES)
    guesser.clock.pass_s(-86_400)
    with pytest.raises(TooManyTries):
        guesser.guess(right=True)
    guesser.clock.pass_s(FIRST_WAIT_S)
    guesser.guess(right=True)


def test_a_scripts_stale_file_does_not_keep_the_reader_out(tmp_path: Path) -> None:
    clock, stale = Clock(), tmp_path / "stale"
    profile = Profile(tmp_path / "profile")
    unlock(profile, None, clock, PASSPHRASE)
    stale.write_text("something else")
    script = Profile(profile.home, stale)
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPassphrase):
            unlock(script, None, clock)
    stale.write_text(PASSPHRASE)
    with pytest.raises(TooManyTries):
        unlock(script, None, clock)
    check_passphrase(profile, PASSPHRASE, clock)


def test_a_profile_without_a_passphrase_given_is_no_wrong_try(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    unlock(profile, None, Clock(), PASSPHRASE)
    for _ in range(FREE_TRIES + 1):
        with pytest.raises(VaultLocked):
            unlock(profile, None, Clock())
    assert not profile.tries.exists()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"typed": 3}', b'{"typed": {"wrong": "x", "last": 1}}', b"\xff"])
def test_a_damaged_count_keeps_nobody_out(guesser: Guesser, content: bytes) -> None:
    guesser.path.write_bytes(content)
    guesser.guess(right=True)
    guesser.guess_wrongly(1)
