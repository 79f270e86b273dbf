"""What has come of a series before its study is whole: partial volumes, within a budget, never taken for the whole."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.support.instances import make_instance
from viewers.identifiers import SeriesUID
from viewers.image.ahead import SlicesAhead
from viewers.image.volume import FindingKind
from workstation.decoding.pool import DecoderPool
from workstation.dicom.header import Header
from workstation.reading.arriving import Arriving

SERIES, STUDY = SeriesUID("2.25.7001"), "2.25.7000"


@pytest.fixture(scope="module")
def decoder() -> Iterator[DecoderPool]:
    with DecoderPool(2) as pool:
        yield pool


def slice_at(z: float, value: int, pixels: int = 24) -> bytes:
    """One CT slice of 4 × 6 pixels of one value; with fewer ``pixels`` it cannot be decoded."""
    return make_instance(
        StudyInstanceUID=STUDY,
        SeriesInstanceUID=str(SERIES),
        SOPInstanceUID=f"2.25.{8000 + round(z)}",
        FrameOfReferenceUID="2.25.7002",
        InstanceNumber=round(z) + 1,
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        ImagePositionPatient=[0, 0, z],
        PixelSpacing=[1, 1],
        PixelData=np.full(pixels, value, dtype="<u2").tobytes(),
    )


def take(arriving: Arriving, decoder: DecoderPool, *part10s: bytes) -> None:
    for part10 in part10s:
        arriving.take(decoder.inspect(part10), part10)


def test_the_first_image_is_a_volume_that_is_known_to_be_partial(decoder: DecoderPool) -> None:
    arriving = Arriving(decoder.decode)
    take(arriving, decoder, slice_at(5, 55))
    (volume,) = arriving.volumes(SERIES)
    assert volume.voxels.shape == (1, 4, 6)
    assert not volume.is_complete, "the source has not told how many there are"
    arriving.expect(SERIES, 3)
    (volume,) = arriving.volumes(SERIES)
    assert volume.expected_slices == 3


def test_slices_lie_by_position_in_whatever_order_they_come_and_holes_are_gaps(decoder: DecoderPool) -> None:
    arriving = Arriving(decoder.decode)
    arriving.expect(SERIES, 6)
    take(arriving, decoder, *(slice_at(z, 10 * z) for z in (4, 0, 1, 5)))
    (partial,) = arriving.volumes(SERIES)
    assert partial.voxels[:, 0, 0].tolist() == [0, 10, 40, 50]
    assert partial.gap_after.tolist() == [False, True, False]
    assert not partial.is_complete
    take(arriving, decoder, slice_at(3, 30), slice_at(2, 20))
    (whole,) = arriving.volumes(SERIES)
    assert whole.voxels[:, 0, 0].tolist() == [0, 10, 20, 30, 40, 50]
    assert not whole.gap_after.any()
    assert whole.is_complete
    assert arriving.is_whole(SERIES)


def test_a_report_among_the_images_is_not_a_missing_image(decoder: DecoderPool) -> None:
    arriving = Arriving(decoder.decode)
    arriving.expect(SERIES, 3)
    take(arriving, decoder, slice_at(0, 1), slice_at(1, 2))
    assert not arriving.is_whole(SERIES)
    report = slice_at(9, 0)
    received = decoder.inspect(report)
    bare = {tag: one for tag, one in received.header.elements.items() if tag not in ("00280010", "00280011")}
    take_bare = replace(received, header=Header(bare))
    for _ in range(2):
        arriving.take(take_bare, report)
    (volume,) = arriving.volumes(SERIES)
    assert volume.is_complete
    assert arriving.is_whole(SERIES)


def test_a_frame_that_no_worker_decodes_is_named_and_missing(decoder: DecoderPool) -> None:
    arriving = Arriving(decoder.decode)
    arriving.expect(SERIES, 2)
    take(arriving, decoder, slice_at(0, 1), slice_at(1, 2, pixels=1))
    (volume,) = arriving.volumes(SERIES)
    assert not volume.is_complete
    assert [one.count for one in volume.passport.findings if one.kind is FindingKind.REFUSED] == [1]


def test_beyond_the_budget_nothing_is_held_and_the_series_is_not_whole(decoder: DecoderPool) -> None:
    first = slice_at(0, 1)
    arriving = Arriving(decoder.decode, budget_bytes=len(first) + 10)
    arriving.expect(SERIES, 2)
    take(arriving, decoder, first, slice_at(1, 2))
    assert (arriving.count(SERIES), arriving.is_whole(SERIES)) == (1, False)
    (volume,) = arriving.volumes(SERIES)
    assert (len(volume.sources), volume.expected_slices) == (1, 2)
    arriving.forget(SERIES)
    take(arriving, decoder, first)
    assert arriving.count(SERIES) == 1, "its room can be used again"


def test_what_was_dropped_is_in_no_volume_and_its_room_can_be_used_again(decoder: DecoderPool) -> None:
    mine, other = slice_at(0, 1), slice_at(1, 2)
    arriving = Arriving(decoder.decode, budget_bytes=len(mine) + len(other))
    arriving.expect(SERIES, 2)
    take(arriving, decoder, mine, other)
    assert arriving.is_whole(SERIES)
    arriving.drop(SERIES, (decoder.inspect(other).instance,))
    (volume,) = arriving.volumes(SERIES)
    assert [one.instance for one in volume.sources] == [decoder.inspect(mine).instance]
    assert (volume.is_complete, arriving.is_whole(SERIES)) == (False, False)
    take(arriving, decoder, slice_at(2, 3))
    assert arriving.is_whole(SERIES)


def test_a_series_of_which_only_an_earlier_object_was_dropped_is_to_be_read_anew(decoder: DecoderPool) -> None:
    arriving = Arriving(decoder.decode)
    arriving.expect(SERIES, 2)
    assert not arriving.is_news(SERIES)
    arriving.drop(SERIES, (decoder.inspect(slice_at(0, 1)).instance,))
    assert (arriving.is_news(SERIES), arriving.is_whole(SERIES)) == (True, False)


def test_an_object_without_an_image_is_let_pass(decoder: DecoderPool) -> None:
    arriving = Arriving(decoder.decode)
    part10 = make_instance(
        SeriesInstanceUID=str(SERIES), SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", Modality="SR", Rows=None
    )
    take(arriving, decoder, part10)
    assert arriving.volumes(SERIES) == ()


def test_nobody_who_only_asks_waits_for_a_slice_that_is_being_copied(
    decoder: DecoderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying, may_end = threading.Event(), threading.Event()
    put = SlicesAhead.put

    def slow_put(ahead: SlicesAhead, *what: Any) -> None:
        copying.set()
        assert may_end.wait(30)
        put(ahead, *what)

    monkeypatch.setattr(SlicesAhead, "put", slow_put)
    arriving = Arriving(decoder.decode)
    arriving.expect(SERIES, 1)
    with ThreadPoolExecutor(2) as threads:
        taken = threads.submit(take, arriving, decoder, slice_at(0, 1))
        assert copying.wait(30)
        asked = threads.submit(lambda: (arriving.count(SERIES), arriving.is_news(SERIES), arriving.is_whole(SERIES)))
        try:
            assert asked.result(5) == (1, True, True)
            built = threads.submit(arriving.volumes, SERIES)
            assert wait((built,), 0.05).not_done, "what is not in its place yet is in no volume"
        finally:
            may_end.set()
        taken.result(30)
        (volume,) = built.result(30)
    assert volume.is_complete
