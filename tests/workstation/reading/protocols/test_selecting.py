"""What a viewport finds among the series, by what is known of them."""

import pytest

from tests.workstation.reading.protocols.cases import case, named, series, study, volume
from viewers.identifiers import SeriesUID
from viewers.image.acquisition import Acquisition
from viewers.state.view_state import VolumeReference
from workstation.reading.protocols.facts import CaseFacts, plane_of
from workstation.reading.protocols.hanging import hang_step
from workstation.reading.protocols.shelf import shipped
from workstation.reading.protocols.words import said


def hung(protocol: str, known: CaseFacts, step: int = 0) -> list[tuple[str, int] | None]:
    panes = hang_step(named(protocol), step, known).panes
    return [(one.reference.series, one.reference.index) if one.reference else None for one in panes]


CHEST = study(series("1", "Scout", images=2), series("2", "Thorax COR"), series("3", "Thorax 1 mm"))


def test_before_any_header_the_descriptions_hint_at_the_plane() -> None:
    assert hung("ct_chest", case([CHEST])) == [("3", 0)] * 4


def test_once_it_is_known_the_orientation_alone_decides() -> None:
    known = case([CHEST], volume("2", "axial"), volume("3", "coronal"))
    assert hung("ct_chest", known) == [("2", 0)] * 4


def test_each_kernel_has_its_window() -> None:
    soft, lung = Acquisition(kernel="B30f", thickness_mm=1.0), Acquisition(kernel="B70f", thickness_mm=1.0)
    found = study(series("1", "Thorax B70f"), series("2", "Thorax B30f"))
    known = case([found], volume("1", "axial", 0, 100, lung), volume("2", "axial", 0, 100, soft))
    assert hung("ct_chest", known)[:2] == [("2", 0), ("1", 0)]


def test_the_phases_of_an_abdomen_hang_side_by_side_in_their_order() -> None:
    found = study(
        series("1", "Abdo sans inj", part="ABDOMEN"),
        series("2", "Abdo portal", part="ABDOMEN"),
        series("3", "Abdo arteriel", part="ABDOMEN"),
    )
    assert hung("ct_abdomen", case([found]), 1) == [("3", 0), ("2", 0), ("1", 0), ("3", 0)]


def test_a_prior_is_found_by_the_same_selector_the_latest_first() -> None:
    older = study(series("7", "Thorax"), date="20240101", uid="3")
    newer = study(series("8", "Thorax"), date="20250101", uid="2")
    assert hung("ct_chest", case([CHEST, older, newer]), 1) == [("3", 0), ("8", 0)]
    assert hung("ct_chest", case([CHEST]), 1) == [("3", 0), None]


def test_sequences_are_told_by_name_contrast_and_b_value() -> None:
    b0, b1000 = Acquisition(b_value=0.0), Acquisition(b_value=1000.0)
    given = Acquisition(contrast="Gadoterate")
    found = study(
        *(
            series(uid, text, "MR", 30, "BRAIN")
            for uid, text in (
                ("1", "Loc"),
                ("2", "T1 SE ax"),
                ("3", "t2_tse_tra"),
                ("4", "t2_flair_tra"),
                ("5", "ep2d_diff_3scan"),
                ("6", "ep2d_diff_ADC"),
                ("7", "T1 SE ax"),
            )
        )
    )
    known = case(
        [found],
        volume("2"),
        volume("3"),
        volume("4"),
        volume("5", "axial", 0, 30, b0),
        volume("5", "axial", 1, 30, b1000),
        volume("6"),
        volume("7", "axial", 0, 30, given),
    )
    assert hung("mr_brain", known) == [("2", 0), ("3", 0), ("4", 0), ("5", 1), ("6", 0), ("7", 0)]


def test_the_name_of_a_protocol_speaks_only_for_a_series_without_a_description() -> None:
    whole = Acquisition(protocol="Brain T1 T2 FLAIR")
    found = study(series("1", "T1 SE ax", "MR", 30, "BRAIN"), series("2", "", "MR", 30, "BRAIN"))
    known = case([found], volume("1", "axial", 0, 30, whole), volume("2", "axial", 0, 30, whole))
    assert hung("mr_brain", known)[1:3] == [("2", 0), ("2", 0)]


def test_axial_t2_hangs_and_t2_star_is_none() -> None:
    listed = [("3", "T2 TSE sag"), ("4", "T2 TSE ax"), ("5", "T2* GRE ax"), ("6", "T2 star tra"), ("7", "t2_fl2d_tra")]
    found = study(*(series(uid, text, "MR", 30, "BRAIN") for uid, text in listed))
    assert hung("mr_brain", case([found]))[1] == ("4", 0)
    planes = [volume(uid, "sagittal" if uid == "3" else "axial") for uid, _text in listed]
    assert hung("mr_brain", case([found], *planes))[1] == ("4", 0)


def test_what_headers_alone_can_tell_hangs_nothing_before_they_are_known() -> None:
    listed = [("3", "Localizer"), ("4", "T2 ax"), ("5", "FLAIR")]
    found = study(*(series(uid, text, "MR", 30, "BRAIN") for uid, text in listed))
    assert hung("mr_brain", case([found])) == [None, ("4", 0), ("5", 0), None, None, None]
    short = Acquisition(echo_time_ms=5.0, repetition_time_ms=20.0)
    assert hung("mr_brain", case([found], volume("3", "axial", 0, 3, short)))[0] is None


def test_an_image_of_unknown_type_is_no_map() -> None:
    found = study(series("3", "T2 TSE sag", "MR", 30, "BRAIN"), series("4", "ep2d", "MR", 30, "BRAIN"))
    untyped = volume("3", "sagittal")
    typed = volume("4", "axial", 0, 30, Acquisition(image_type=("DERIVED", "PRIMARY", "ADC")))
    assert hung("mr_brain", case([found], untyped))[4] is None
    assert hung("mr_brain", case([found], untyped, typed))[4] == ("4", 0)


def test_a_type_that_is_forbidden_and_not_known_forbids_nothing() -> None:
    one = study(series("1", "", "MG", 1))
    assert hung("mg", case([one], volume("1", "", 0, 1, breast("R", "CC"))))[0] == ("1", 0)


def test_no_selector_refuses_the_words_that_it_looks_for() -> None:
    refused = [
        (protocol.id, name, word)
        for protocol in shipped()
        for name, selectors in protocol.selectors.items()
        for selector in selectors
        for word in selector.words
        if said(selector.without, word) is not None
    ]
    assert refused == []


def breast(side: str, view: str) -> Acquisition:
    return Acquisition(laterality=side, view=view, patient_orientation=("P", "F"))


def test_views_of_the_breasts_are_found_whether_they_came_in_one_series_or_four() -> None:
    views = [("L", "MLO"), ("R", "CC"), ("L", "CC"), ("R", "MLO")]
    one = study(series("1", "", "MG", 4))
    together = volume("1", "", 0, 4, *(breast(*view) for view in views))
    panes = hang_step(named("mg"), 0, case([one], together)).panes
    assert [pane.slice_index for pane in panes] == [1, 2, 3, 0]
    each = study(*(series(str(n), "", "MG", 1) for n in range(1, 5)))
    apart = [volume(str(n), "", 0, 1, breast(*view)) for n, view in enumerate(views, 1)]
    assert hung("mg", case([each], *apart)) == [("2", 0), ("3", 0), ("4", 0), ("1", 0)]


def test_before_any_header_no_image_stands_for_two_views() -> None:
    each = study(*(series(str(n), "", "MG", 1) for n in range(1, 5)))
    found = hung("mg", case([each]))
    assert None not in found
    assert len(set(found)) == 4


@pytest.mark.parametrize(
    ("normal", "plane"),
    [
        ((0.0, 0.0, 1.0), "axial"),
        ((0.0, -1.0, 0.0), "coronal"),
        ((0.98, 0.2, 0.0), "sagittal"),
        ((0.0, 0.34, 0.94), "axial"),
        ((0.6, 0.6, 0.53), "oblique"),
    ],
)
def test_the_plane_is_that_of_the_slices(normal: tuple[float, float, float], plane: str) -> None:
    assert plane_of(normal) == plane


def test_a_reference_is_of_the_volume_that_was_meant() -> None:
    found = hang_step(named("ct"), 0, case([CHEST])).panes[0].reference
    assert found == VolumeReference(SeriesUID("3"))
