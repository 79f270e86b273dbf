"""Each protocol on real examinations: what hangs where, by headers alone."""

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from tests.support.shared_data import shared_data_root
from viewers.identifiers import SeriesUID
from viewers.image.description import FrameDescription
from viewers.image.plan import plan
from workstation.dicom.describe import describe_frames, describe_series, describe_study
from workstation.dicom.header import Header
from workstation.domain.study import SeriesSummary, StudySummary
from workstation.reading.protocols.facts import CaseFacts, Knowledge, facts_of_plan
from workstation.reading.protocols.hanging import hang_step
from workstation.reading.protocols.shelf import Shelf, shipped

pytestmark = pytest.mark.shared_data


def read(folder: Path, knowledge: Knowledge) -> StudySummary:
    frames: dict[SeriesUID, list[FrameDescription]] = defaultdict(list)
    listed: dict[SeriesUID, SeriesSummary] = {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        header = Header.parse(json.dumps(dataset.to_json_dict()))
        described = describe_frames(header, dataset.file_meta.TransferSyntaxUID)
        if described and header.text("Modality") != "SEG":
            summary = describe_series(header)
            listed[summary.uid] = summary
            frames[summary.uid].extend(described)
            study = describe_study(header)
    for found in frames.values():
        knowledge.take([facts_of_plan(planned) for planned in plan(found)])
    series = tuple(replace(one, instances=len(frames[uid])) for uid, one in listed.items())
    return replace(study, series=series, modalities=tuple(sorted({one.modality for one in series})))


def case(*folders: str) -> CaseFacts:
    knowledge = Knowledge()
    return knowledge.case([read(shared_data_root() / folder, knowledge) for folder in folders])


def hung(known: CaseFacts, step: int = 0) -> tuple[str, list[str]]:
    """The protocol that fits best, and the number and description of the series in each viewport."""
    best = Shelf(shipped()).ranked(known)[0].protocol
    named = {
        one.summary.uid: f"{one.summary.number} {one.summary.description}".strip()
        for study in (known.current, *known.priors)
        if study is not None
        for one in study.series
    }
    panes = hang_step(best, step, known).panes
    return best.id, [named[one.reference.series] if one.reference is not None else "" for one in panes]


def test_a_prostate_has_its_planes_its_map_and_its_high_b_value() -> None:
    known = case("mr_prostate_prostatex")
    assert hung(known) == (
        "mr_prostate",
        [
            "6 t2_tse_tra",
            "3 t2_tse_sag",
            "7 t2_tse_cor",
            "9 ep2d_diff_tra_DYNDIST_ADC",
            "10 ep2d_diff_tra_DYNDISTCALC_BVAL",
            "15 tfl_dyn_fast_tra_1.5x1.5_t3.5sec",
        ],
    )


def test_a_pet_ct_hangs_both_and_their_fusion_and_leaves_the_scout_out() -> None:
    known = case("petct_acrin")
    assert hung(known) == ("petct", ["2 CT IMAGES", "1 PET AC", "2 CT IMAGES", "1 PET AC"])
    over = hang_step(Shelf(shipped()).ranked(known)[0].protocol, 0, known).panes[2].over
    assert over is not None
    assert known.current is not None
    assert {one.summary.uid for one in known.current.series if one.summary.modality == "PT"} == {over.series}


def test_a_chest_hangs_its_axial_images_and_those_of_the_prior() -> None:
    known = case("prior_pairs_covid/A048383/19010410", "prior_pairs_covid/A048383/19001231")
    assert hung(known) == ("ct_chest", ["2 CHEST 5X5", "2 CHEST 5X5", "601 COR 3MM", "2 CHEST 5X5"])
    assert hung(known, 1)[1] == ["2 CHEST 5X5", "2 5 MM STANDARD"]


def test_a_head_is_told_by_its_body_part() -> None:
    assert hung(case("geometry/ct_head_tilt_variable_spacing"))[0] == "ct_head"


@pytest.mark.parametrize(
    ("folder", "protocol"),
    [("modalities/cr", "radiography"), ("modalities/us_multiframe", "ultrasound")],
)
def test_pictures_without_a_place_have_the_protocol_of_their_kind(folder: str, protocol: str) -> None:
    found, shown = hung(case(folder))
    assert found == protocol
    assert "" not in shown[:1]
