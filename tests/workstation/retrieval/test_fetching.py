"""What a transfer that was cut leaves in memory."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from tests.workstation.retrieval.desk import STUDY, Desk, LinkCut, PlayedHub, series_of
from viewers.identifiers import SeriesUID, StudyUID
from workstation.retrieval.ports import Cancelled, never


class Held:
    """Stands for what was received when the line was cut."""


@pytest.mark.parametrize("is_retold", [False, True], ids=["hub", "one of several hubs"])
def test_a_cut_transfer_lets_go_of_what_it_had_received_without_the_collector(desk: Desk, is_retold: bool) -> None:
    left: list[weakref.ref[Held]] = []

    class Cut(PlayedHub):
        def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[bytes]:
            held = Held()
            left.append(weakref.ref(held))
            try:
                yield from super().retrieve_series(study, series, cancelled)
            except LinkCut:
                told = LinkCut("as it is told of one hub among its mirrors")
                raise (told if is_retold else LinkCut("of the hub")) from (told if is_retold else None)

    gc.collect()
    gc.disable()
    try:
        assert desk.retrieval.pull(Cut(series_of(6), stated=6, cut_after=3), STUDY).is_complete
        assert left
        assert all(one() is None for one in left)
    finally:
        gc.enable()
