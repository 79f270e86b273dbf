"""The crash loop: a reader killed again and again, a hub that fails and is killed too, and the reckoning."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import numpy as np

from tests.crash.children import KILLED, Children
from tests.crash.ledger import Found, Ledger, Violation, integrity
from tests.crash.planting import (
    AFTER_COMMIT,
    AFTER_READING_BACK,
    AFTER_STORE,
    AT_JOURNAL,
    BEFORE_COMMIT,
    DIED_AT_FAULT_POINT,
    FAULT_POINTS,
)
from tests.crash.work import HUB, keyring_at
from tests.support.ports import free_port
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.delivery import CompletionState, DeliveryState

MODULES = ("tests.crash.faulty_hub", "tests.crash.prepared", "tests.crash.reader")
MOST_LINES = 16
LONGEST_MOMENT_S = 0.02
MOST_ROUNDS_OF_SENDING = 50
# A life is short: what the hub is asked for happens a few times at most.
_LAST_TIME = {point: 8 if point in (BEFORE_COMMIT, AFTER_COMMIT, AT_JOURNAL) else 1 for point in FAULT_POINTS}

# A reader stores and reads back in every life that is long enough; there may be nothing to complete.
_LINES_BEFORE = dict.fromkeys(FAULT_POINTS, 2 * MOST_LINES) | {AFTER_STORE: 200, AFTER_READING_BACK: 200}


@dataclass
class CrashLoop:
    """One profile and one hub, from ``with`` to its end."""

    folder: Path
    seed: int
    requests: int = 10
    mutant: str = ""
    points: tuple[str, ...] = FAULT_POINTS
    planted_each: int = 3
    ledger: Ledger = field(default_factory=Ledger)
    deaths: Counter[str] = field(default_factory=Counter)
    seen: Found = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = np.random.default_rng(self.seed)
        self._children = Children(MODULES)
        self._home, self._secrets = self.folder / "profile", self.folder / "secrets.json"
        self._hub, self._port, self._url = 0, free_port(), ""

    def __enter__(self) -> "CrashLoop":
        self._children.__enter__()
        self._serve(None)
        self._children.run("tests.crash.prepared", self._home, self._secrets, self._url, self.requests)
        self.replace_hub()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._children.__exit__(kind, error, trace)

    def replace_hub(self, *, with_faults: bool = True) -> None:
        """Kill the hub and start it again on the same folder and port."""
        self._listen(self._children.kill(self._hub)[1])
        self.deaths["hub"] += 1
        self._serve(int(self._chance.integers(1 << 30)) if with_faults else None)

    def kill_reader(self, number: int) -> None:
        """Let a reader do something, then kill it: while it wakes, while it works, or by itself at a fault point."""
        point, times = "", 0
        if number % self.planted_each == 0:
            point = self.points[int(self._chance.integers(len(self.points)))]
            times = int(self._chance.integers(1, _LAST_TIME[point] + 1))
        seed, lines = int(self._chance.integers(1 << 30)), int(self._chance.integers(1, MOST_LINES))
        child, said = self._children.start(
            "tests.crash.reader", self._home, self._secrets, seed, self.mutant, point, times
        )
        self._listen(said)
        if point or number % 10:
            said = self._children.await_line("awake")
            said += self._children.await_lines(_LINES_BEFORE.get(point, lines), "died", "failed")
            self._listen(said)
        status, rest = self._children.kill(child, float(self._chance.uniform(0.0, LONGEST_MOMENT_S)))
        self._listen(rest)
        self.deaths[point if any("died" in line for line in [*said, *rest]) else "kill"] += 1
        if status not in (KILLED, DIED_AT_FAULT_POINT):
            self.seen.append((Violation.FAILED, f"status {status}"))

    def reckon(self) -> Found:
        """Let everything arrive at a hub that has become good, and return every violation there ever was."""
        self.replace_hub(with_faults=False)
        with open_core(Profile(self._home), keyring_at(self._secrets)) as core:
            for _ in range(MOST_ROUNDS_OF_SENDING):
                core.courier.deliver(force=True)
                core.completer.complete(force=True)
                moving = {one.state for one in core.store.outbox.deliveries()} - {DeliveryState.SENT}
                open_ones = {one.state for one in core.store.completions.completions()} - {CompletionState.COMPLETED}
                if not moving and not open_ones:
                    break
            found = [*self.seen, *self.ledger.in_profile(core.store)]
            found += self.ledger.at_hub(core.store, core.hubs.client(HUB), self._url)
        with open_core(Profile(self._home), keyring_at(self._secrets)) as core:
            return found + integrity(core.store)

    def _serve(self, seed: int | None) -> None:
        self._hub, said = self._children.start("tests.crash.faulty_hub", self.folder / "hub", self._port, seed)
        *rest, ready = self._children.await_line("url")
        self._listen([*said, *rest])
        self._url = ready["url"]

    def _listen(self, said: list[dict[str, object]]) -> None:
        self.seen += self.ledger.take(said)
