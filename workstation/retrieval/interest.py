"""What the reader looks at, told by the window while a study is still arriving. Thread safe."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from viewers.identifiers import InstanceUID, SeriesUID


@dataclass(frozen=True, slots=True)
class Look:
    """One place: a series, and the image of it that is on screen where that is known."""

    series: SeriesUID
    instance: InstanceUID | None = None


class Interest:
    """Which series matter, most pressing first: the one on screen, those looked at before it, the key series.

    One object may serve the pulls of several studies; each consults it whenever it chooses what to ask for next.
    """

    def __init__(self, key_series: Iterable[SeriesUID] = ()) -> None:
        self._key_series = tuple(key_series)
        self._looks: dict[SeriesUID, Look] = {}
        self._lock = threading.Lock()

    def look_at(self, series: SeriesUID, instance: InstanceUID | None = None) -> None:
        """State what is on screen now; without ``instance``, the one last named for that series stays."""
        with self._lock:
            former = self._looks.pop(series, None)
            kept = former.instance if former is not None and instance is None else instance
            self._looks[series] = Look(series, kept)

    def on_screen(self, series: SeriesUID) -> InstanceUID | None:
        """Return the image of a series that is, or was last, on screen."""
        with self._lock:
            look = self._looks.get(series)
        return None if look is None else look.instance

    def ordered(self, series: Sequence[SeriesUID]) -> tuple[SeriesUID, ...]:
        """Return the series, most pressing first; those that nobody asked for keep their order, behind the others."""
        with self._lock:
            looked = tuple(reversed(self._looks))
        wanted = [one for one in (*looked, *self._key_series) if one in series]
        return tuple(dict.fromkeys([*wanted, *series]))
