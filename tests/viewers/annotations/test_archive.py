import json
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.annotations.archive import read, write
from viewers.annotations.errors import ArchiveTooNew, ArchiveUnreadable
from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID

coordinate = st.floats(allow_nan=False, allow_infinity=False)
points = st.lists(st.tuples(coordinate, coordinate, coordinate), min_size=1, max_size=5).map(tuple)
word = st.text(min_size=1)
annotation = st.builds(
    Annotation,
    id=word.map(AnnotationId),
    tool=word,
    points_lps=points,
    frame_of_reference=st.none() | word.map(FrameOfReferenceUID),
    series=word.map(SeriesUID),
    instance=word.map(InstanceUID),
    frame_index=st.integers(0, 10**6),
    text=st.text(),
)

CLI_ENTRY: dict[str, object] = {
    "tool": "length",
    "frame_of_reference": "1.2",
    "points_lps": [[0, 0, 0], [30.0, 40, 0]],
    "series": "1.2.3",
    "instance": "1.2.3.4",
    "frame": 3,
    "text": "apex",
}


def numbered() -> AnnotationId:
    return AnnotationId(f"a{next(_NUMBERS)}")


_NUMBERS = count()


@given(st.lists(annotation, max_size=4, unique_by=lambda one: one.id).map(tuple))
def test_an_archive_gives_back_what_was_written(annotations: tuple[Annotation, ...]) -> None:
    assert read(write(annotations), numbered) == annotations


def test_frames_count_from_one_in_json() -> None:
    (found,) = read(json.dumps([CLI_ENTRY]), numbered)
    assert found.frame_index == 2
    assert json.loads(write([found]))["annotations"][0]["frame"] == 3


def test_the_command_line_form_gets_an_id_and_a_first_frame() -> None:
    (found,) = read(json.dumps([{**CLI_ENTRY, "frame": None}]), lambda: AnnotationId("new"))
    assert found.id == "new"
    assert found.frame_index == 0
    assert found.points_lps == ((0.0, 0.0, 0.0), (30.0, 40.0, 0.0))
    assert found.text == "apex"


def test_an_image_without_patient_space_has_no_frame_of_reference() -> None:
    (found,) = read(json.dumps([{**CLI_ENTRY, "frame_of_reference": None}]), numbered)
    assert found.frame_of_reference is None


@pytest.mark.parametrize(
    "change",
    [
        {"tool": ""},
        {"tool": 3},
        {"points_lps": []},
        {"points_lps": [[1, 2]]},
        {"points_lps": [[1, 2, "3"]]},
        {"points_lps": [[1, 2, float("nan")]]},
        {"frame": 0},
        {"frame": True},
        {"frame": 1.5},
        {"series": None},
        {"instance": 12},
        {"text": 4},
    ],
)
def test_a_damaged_entry_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ArchiveUnreadable):
        read(json.dumps([{**CLI_ENTRY, **change}]), numbered)


@pytest.mark.parametrize("text", ["", "3", '{"annotations": []}', '{"version": 1}', '{"version": 0}', "[3]"])
def test_what_is_no_archive_is_refused(text: str) -> None:
    with pytest.raises(ArchiveUnreadable):
        read(text, numbered)


def test_two_marks_with_one_id_are_refused() -> None:
    entry = {**CLI_ENTRY, "id": "same"}
    with pytest.raises(ArchiveUnreadable):
        read(json.dumps([entry, entry]), numbered)


def test_an_archive_of_a_later_version_is_refused_by_name() -> None:
    with pytest.raises(ArchiveTooNew):
        read('{"version": 2, "annotations": []}', numbered)
