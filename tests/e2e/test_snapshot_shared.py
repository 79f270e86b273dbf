"""What import says of real series and what a snapshot holds of them, as another program sees it, against ITK."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.command_line import CommandLine, command_line
from tests.support.itk_oracle import Oracle, read_slice
from tests.support.shared_data import shared_data_root
from viewers.geometry.plane import ImagePlane

pytestmark = [pytest.mark.e2e, pytest.mark.shared_data]

OBLIQUE = (np.array((0.8, 0.6, 0.0)), np.array((0.36, -0.48, 0.8)))


def imported(folder: str, home: Path) -> tuple[CommandLine, str, dict[str, Any]]:
    command = command_line(home)
    (study,) = command.json("import", shared_data_root() / folder)["studies"]
    (series,) = study["series"]
    return command, study["study"], series


def kinds(volume: dict[str, Any]) -> set[str]:
    return {finding["kind"] for finding in volume["findings"]}


def test_import_names_a_tilt_uneven_slices_and_what_was_done(tmp_path: Path) -> None:
    _, _, series = imported("geometry/ct_head_tilt_variable_spacing", tmp_path)
    geometry = series["geometry"]
    assert kinds(geometry) == {"tilt", "uneven_spacing"}
    assert geometry["tilt_degrees"] == pytest.approx(18.5, abs=0.1)
    assert geometry["done"] == ["ordered_by_position", "tilt_corrected", "resampled_from_true_positions"]


def test_import_names_a_gap_by_its_position(tmp_path: Path) -> None:
    _, _, series = imported("geometry/dicom2nifti_sliceincrement_001", tmp_path)
    assert series["geometry"]["gaps"] == pytest.approx([15.0], abs=1e-3)
    assert series["geometry"]["gap_cause"] == "unknown"


def test_import_names_what_splits_a_series_and_the_sum_stays(tmp_path: Path) -> None:
    _, _, series = imported("mr_prostate_prostatex/MR_S0008", tmp_path)
    volumes = series["geometry"]["volumes"]
    assert sum(volume["shape"][0] for volume in volumes) == series["received"] == 57
    assert [volume["split_by"]["sequence_name"] for volume in volumes] == ["*ep_b50t", "*ep_b400t", "*ep_b800t"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "volume"),
    [
        ("geometry/ct_head_tilt_variable_spacing", 0),
        ("geometry/dicom2nifti_sliceincrement_001", 0),
        ("geometry/mr_three_plane_localizer_one_series", 2),
        ("mr_prostate_prostatex/MR_S0003", 0),
    ],
)
def test_snapshots_agree_with_itk(folder: str, volume: int, tmp_path: Path) -> None:
    command, study, series = imported(folder, tmp_path)
    values = tmp_path / "values.npy"
    arguments = ("snapshot", study, "--series", series["uid"], "--volume", str(volume), "--values", values)
    document = command.json(*arguments, "--plane", "coronal", "--spacing", "1.5")
    oracle = _oracle(shared_data_root() / folder, document)
    assert_agrees(np.load(values), document, oracle)
    centre = np.array(document["origin"]) + 0.7
    for vector in ("row", "col"):
        centre += np.array(document[vector]) * document["spacing"] * document["size"][vector == "col"] / 2
    origin = centre - 45.0 * OBLIQUE[0] - 45.0 * OBLIQUE[1]
    plane = [
        f"--{name}={','.join(map(repr, vector.tolist()))}"
        for name, vector in (("origin", origin), ("row", OBLIQUE[0]), ("col", OBLIQUE[1]))
    ]
    document = command.json(*arguments, *plane, "--spacing", "0.9", "--size", "101x102")
    assert_agrees(np.load(values), document, oracle)


def _oracle(folder: Path, document: dict[str, Any]) -> Oracle:
    """The slices of the volume that was shown: those turned as it is."""
    slices = [read_slice(path, 0) for path in sorted(folder.glob("*.dcm"))]
    turned = [float(part) for part in document["geometry"]["split_by"].get("orientation", "").split("\\") if part]
    kept = [one for one in slices if not turned or np.allclose([*one.row, *one.column], turned, atol=2e-3)]
    along = np.array([gap for finding in document["geometry"]["findings"] for gap in finding["positions_mm"]])
    oracle = Oracle(kept)
    if "gap" not in kinds(document["geometry"]):
        return oracle
    return Oracle(kept, frozenset(oracle.before(along)))


def assert_agrees(ours: np.ndarray, document: dict[str, Any], oracle: Oracle) -> None:
    width, height = document["size"]
    row, column = tuple(document["row"]), tuple(document["col"])
    plane = ImagePlane(tuple(document["origin"]), row, column, document["spacing"], width, height)
    theirs = oracle.resampled(plane) if oracle.is_even() else oracle.interpolated(plane)
    assert (ours.dtype, ours.shape) == (np.float32, theirs.shape)
    both = ~np.isnan(oracle.interpolated(plane)) & ~np.isnan(theirs)
    assert np.count_nonzero(both) > 300, json.dumps(document)
    assert not np.isnan(ours[both]).any()
    assert np.abs(ours - theirs)[both].max() <= 1.0
