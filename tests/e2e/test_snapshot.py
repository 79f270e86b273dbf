"""Planes through a shipped CT agree with SimpleITK's linear interpolation on pixels that pydicom decoded."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
import SimpleITK
from numpy.typing import NDArray
from PIL import Image
from pydicom.data import get_testdata_file

from tests.e2e.opinions import Slices, point_lps, slices_of
from tests.support.command_line import REPOSITORY, CommandLine, command_line
from workstation.demonstration.cases import study_files

pytestmark = pytest.mark.e2e
FOLDER = "breast-ct-current"
TOLERANCE_HU = 1.0
# Directions in which column and row indices grow; not of unit length, as people type them.
OBLIQUE = [
    ((1.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    ((1.0, 0.0, 0.4), (0.0, 1.0, 0.0)),
    ((0.6, -0.5, 0.3), (0.5, 0.9, 0.5)),
]


@dataclass(frozen=True)
class Ct:
    """The series as ITK holds it, and its place in a profile."""

    command: CommandLine
    slices: Slices
    image: Any

    @property
    def centre(self) -> NDArray[np.float64]:
        size = self.image.GetSize()
        return np.array(self.image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in size]))


@pytest.fixture(scope="module")
def pet(tmp_path_factory: pytest.TempPathFactory) -> tuple[CommandLine, Slices]:
    """A smaller series, for what does not need fine slices."""
    command = command_line(tmp_path_factory.mktemp("pet"))
    command.json("import", REPOSITORY / "resources" / "demonstration" / "studies" / "lung-pet")
    return command, slices_of("lung-pet")


@pytest.fixture(scope="module")
def ct(tmp_path_factory: pytest.TempPathFactory) -> Ct:
    command = command_line(tmp_path_factory.mktemp("snapshots"))
    command.json("import", REPOSITORY / "resources" / "demonstration" / "studies" / FOLDER)
    read = [pydicom.dcmread(BytesIO(part10)) for part10 in study_files(FOLDER)]
    read.sort(key=lambda dataset: float(dataset.ImagePositionPatient[2]))
    stacked = [one.pixel_array * float(one.RescaleSlope) + float(one.RescaleIntercept) for one in read]
    image: Any = SimpleITK.GetImageFromArray(np.stack(stacked).astype(np.float32))
    first, second = (one.ImagePositionPatient for one in read[:2])
    row, column = (float(value) for value in read[0].PixelSpacing)
    image.SetSpacing((column, row, float(second[2]) - float(first[2])))
    image.SetOrigin([float(value) for value in first])
    return Ct(command, Slices(tuple(read)), image)


def by_itk(ct: Ct, document: dict[str, object]) -> NDArray[np.float32]:
    """Resample the plane that the document describes; NaN outside."""
    row, column = (np.array(document[key], dtype=float) for key in ("row", "col"))
    width, height = (int(value) for value in np.array(document["size"]))
    spacing = float(str(document["spacing"]))
    directions = np.column_stack([row, column, np.cross(row, column)])
    itk: Any = SimpleITK
    resampled = itk.Resample(
        ct.image, (width, height, 1), itk.Transform(), itk.sitkLinear,
        [float(value) for value in np.array(document["origin"])], (spacing, spacing, 1.0),
        [float(value) for value in directions.flatten()], float("nan"),
    )  # fmt: skip
    return np.asarray(itk.GetArrayFromImage(resampled)[0], dtype=np.float32)


def inside(ct: Ct, document: dict[str, object]) -> NDArray[np.bool_]:
    """Say which samples lie between the outermost voxel centres, where linear interpolation is defined."""
    origin, row, column = (np.array(document[key], dtype=float) for key in ("origin", "row", "col"))
    width, height = (int(value) for value in np.array(document["size"]))
    spacing = float(str(document["spacing"]))
    steps_x, steps_y = np.meshgrid(np.arange(width), np.arange(height))
    points = origin + spacing * (steps_x[..., None] * row + steps_y[..., None] * column)
    indices = (points - np.array(ct.image.GetOrigin())) / np.array(ct.image.GetSpacing())
    within: NDArray[np.bool_] = np.all((indices >= 0) & (indices <= np.array(ct.image.GetSize()) - 1), axis=-1)
    return within


def compare(ct: Ct, folder: Path, *arguments: str) -> None:
    values = folder / "values.npy"
    document = ct.command.json(
        "snapshot", ct.slices.study, "--series", ct.slices.series, "--values", values, *arguments
    )
    ours, theirs, within = np.load(values), by_itk(ct, document), inside(ct, document)
    assert ours.dtype == np.float32
    assert ours.shape == theirs.shape
    assert np.count_nonzero(within) > 5_000
    assert np.isfinite(ours[within]).all()
    assert np.nanmax(np.abs(ours - theirs)[within]) <= TOLERANCE_HU


@pytest.mark.parametrize("plane", ["axial", "coronal", "sagittal"])
def test_a_standard_plane_agrees_with_itk(ct: Ct, plane: str, tmp_path: Path) -> None:
    x, y, z = ct.centre + np.array([3.3, -7.1, 2.2])
    compare(ct, tmp_path, "--plane", plane, f"--at={x},{y},{z}")


@pytest.mark.parametrize("directions", OBLIQUE)
def test_an_oblique_plane_agrees_with_itk(
    ct: Ct, directions: tuple[tuple[float, float, float], tuple[float, float, float]], tmp_path: Path
) -> None:
    row = np.array(directions[0])
    row /= np.linalg.norm(row)
    column = np.array(directions[1])
    column -= row * (column @ row)
    column /= np.linalg.norm(column)
    origin = ct.centre - 150.0 * row - 150.0 * column
    texts = [",".join(repr(float(value)) for value in vector) for vector in (origin, row, column)]
    compare(
        ct, tmp_path, f"--origin={texts[0]}", f"--row={texts[1]}", f"--col={texts[2]}",
        "--spacing", "0.8", "--size", "375x376",
    )  # fmt: skip


def test_a_plane_beside_the_volume_holds_nothing(pet: tuple[CommandLine, Slices], tmp_path: Path) -> None:
    (command, slices), values = pet, tmp_path / "values.npy"
    x, y, z = point_lps(slices.middle, 2_000, 64)
    command.json(
        "snapshot", slices.study, "--series", slices.series, "--values", values,
        f"--origin={x},{y},{z}", "--row=0,1,0", "--col=0,0,1", "--spacing", "1", "--size", "20x10",
    )  # fmt: skip
    found = np.load(values)
    assert found.shape == (10, 20)
    assert np.isnan(found).all()


def test_a_standard_plane_has_the_size_asked_for_around_the_same_middle(
    pet: tuple[CommandLine, Slices], tmp_path: Path
) -> None:
    (command, slices), values = pet, tmp_path / "values.npy"
    asked = ("snapshot", slices.study, "--series", slices.series, "--plane", "coronal")
    whole, part = command.json(*asked), command.json(*asked, "--size", "30x20", "--values", values)
    assert np.load(values).shape == (20, 30)
    assert part["size"] == [30, 20]
    middles = [
        np.array(one["origin"])
        + (np.array(one["row"]) * (one["size"][0] - 1) + np.array(one["col"]) * (one["size"][1] - 1))
        * one["spacing"]
        / 2
        for one in (whole, part)
    ]
    assert np.allclose(*middles, atol=1e-6)


@pytest.mark.parametrize("projection", ["mip", "minip", "mean"])
def test_a_slab_lies_between_the_extremes(pet: tuple[CommandLine, Slices], projection: str, tmp_path: Path) -> None:
    (command, slices), picture, values = pet, tmp_path / "slab.png", tmp_path / "values.npy"
    document = command.json(
        "snapshot", slices.study, "--series", slices.series, "--slab", "20", "--projection", projection,
        "--window", "2,4", "--out", picture, "--values", values,
    )  # fmt: skip
    assert document["window"] == [2.0, 4.0]
    ours = np.load(values)
    flat = tmp_path / "flat.npy"
    command.json("snapshot", slices.study, "--series", slices.series, "--values", flat)
    plain = np.load(flat)
    if projection != "mean":
        beyond = ours - plain if projection == "mip" else plain - ours
        assert np.nanmin(beyond) >= -1e-3 * np.nanmax(np.abs(plain))
    with Image.open(picture) as image:
        shown = np.asarray(image, dtype=float)
    # Values in SUV are shown by the exact function: LINEAR would take a whole SUV off the width. Uptake is dark.
    expected = 255 - np.clip(((ours - 2) / 4 + 0.5) * 255, 0, 255)
    within = np.isfinite(ours)
    assert np.abs(shown - expected)[within].max() <= 1.0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--origin=0,0,0", "--row=1,0,0"),
        ("--origin=0,0,0", "--row=1,0,0", "--col=1,0,0", "--spacing", "1", "--size", "9x9"),
        ("--origin=0,0,0", "--row=0,0,0", "--col=1,0,0", "--spacing", "1", "--size", "9x9"),
        ("--volume", "7"),
        ("--slice", "1", "--plane", "coronal"),
    ],
)
def test_what_is_no_plane_is_refused(pet: tuple[CommandLine, Slices], arguments: tuple[str, ...]) -> None:
    command, slices = pet
    assert command.refused("snapshot", slices.study, "--series", slices.series, *arguments)


def test_a_pet_is_in_suv_and_other_quantities_are_a_choice(pet: tuple[CommandLine, Slices], tmp_path: Path) -> None:
    (command, slices), values = pet, tmp_path / "values.npy"
    found = {}
    for name in ("SUVbw", "Bq/ml"):
        document = command.json(
            "snapshot", slices.study, "--series", slices.series, "--quantity", name, "--values", values
        )  # fmt: skip
        assert document["quantity"] == name
        found[name] = np.load(values)
    within = found["Bq/ml"] > 1.0
    factors = (found["SUVbw"] / np.where(within, found["Bq/ml"], 1.0))[within]
    # The factor that QIICR's real world value map states for these images.
    assert np.allclose(factors, 0.00042111, rtol=1e-4)
    assert "Traceback" not in command.refused("snapshot", slices.study, "--series", slices.series, "--quantity", "HU")


@pytest.mark.parametrize(("name", "shape"), [("SC_rgb_rle.dcm", (100, 100, 3)), ("MR_small_RLE.dcm", (64, 64))])
def test_what_cannot_be_cut_is_shown_as_it_was_received(name: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    command = command_line(tmp_path)
    path, values, picture = Path(str(get_testdata_file(name))), tmp_path / "values.npy", tmp_path / "picture.png"
    dataset = pydicom.dcmread(path)
    document = command.json(
        "snapshot", path, "--series", dataset.SeriesInstanceUID, "--slice", "1", "--values", values, "--out", picture
    )  # fmt: skip
    assert document["slice"] == 1
    assert np.array_equal(np.load(values), dataset.pixel_array)
    with Image.open(picture) as image:
        assert np.asarray(image).shape == shape
    command.refused("snapshot", path, "--series", dataset.SeriesInstanceUID, "--slice", "2")
