"""When a case asks again, by itself, for what a silent hub did not give."""

from collections.abc import Sequence, Set

from viewers.identifiers import SeriesUID
from workstation.errors import WorkstationError
from workstation.hub.errors import HubUnreachable

_MOST_PASSED = 15


class Tries:
    """Of one case: which hubs were silent, what was waited for, and how many of their answers are let pass."""

    def __init__(self) -> None:
        self._silent: set[str] = set()
        self._lost: list[SeriesUID] = []
        self._to_pass = self._passed = 0

    def note(self, error: WorkstationError, series: Sequence[SeriesUID]) -> None:
        """Take note of series that did not come, where a hub was silent."""
        if isinstance(error, HubUnreachable):
            self._silent.add(str(error.details.get("hub", "")))
            self._lost.extend(series)

    def may_try(self, hubs: Set[str]) -> bool:
        """Whether it is time to ask again, now that these hubs answer."""
        if not self._silent & hubs:
            return False
        self._passed += 1
        return self._passed > self._to_pass

    def begin(self) -> tuple[SeriesUID, ...]:
        """Return the series to wait for again; should they not come, twice as many answers are let pass."""
        lost, self._lost = tuple(self._lost), []
        self._silent.clear()
        self._passed, self._to_pass = 0, min(2 * self._to_pass + 1, _MOST_PASSED)
        return lost
