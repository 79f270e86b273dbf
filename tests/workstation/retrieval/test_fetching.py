"""What a transfer that was cut leaves in memory."""

import gc
import weakref
from collections.abc import Iterator

from tests.workstation.retrieval.desk import STUDY, Desk, PlayedHub, series_of
from viewers.identifiers import SeriesUID, StudyUID
from workstation.retrieval.ports import Cancelled, never


class Held:
    """Stands for what was received when the line was cut."""


def test_a_cut_transfer_lets_go_of_what_it_had_received_without_the_collector(desk: Desk) -> None:
    left: list[weakref.ref[Held]] = []

    class Cut(PlayedHub):
        def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[bytes]:
            held = Held()
            left.append(weakref.ref(held))
            yield from super().retrieve_series(study, series, cancelled)

    gc.collect()
    gc.disable()
    try:
        assert desk.retrieval.pull(Cut(series_of(6), stated=6, cut_after=3), STUDY).is_complete
        assert left
        assert all(one() is None for one in left)
    finally:
        gc.enable()
