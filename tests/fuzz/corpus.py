"""What the fuzzer starts from: pydicom's files, one image in every transfer syntax, and real files if there are any."""

from pathlib import Path

import numpy as np
from pydicom.data import get_testdata_file

from tests.support.encoded import LOSSLESS, LOSSY, encoded, noise
from tests.support.shared_data import folder_of_shared_data
from tests.workstation.decoding.objects import image, part10
from tests.workstation.decoding.test_overlays import lay, random_mask

# Small ones say as much as large ones, a hundred times as fast.
_LARGEST_BYTES = 16_000
_SHARED = ("transfer_syntaxes", "objects", "malformed", "character_sets")


def packaged() -> list[bytes]:
    """The files that pydicom brings along."""
    return _files(Path(str(get_testdata_file("MR_small.dcm"))).parent)


def synthetic() -> list[bytes]:
    """One image in every transfer syntax, and what else a header may describe."""
    values = noise(2, 20, 24)
    overlaid = lay(image(np.zeros((20, 24), "<i2")), random_mask(20, 24))
    palette = image(np.arange(64, dtype=np.uint8).reshape(8, 8), PhotometricInterpretation="PALETTE COLOR")
    segments = bytes((0, 0, 1, 0, 0, 0, 1, 0, 63, 0, 255, 255))
    for colour in ("Red", "Green", "Blue"):
        setattr(palette, f"{colour}PaletteColorLookupTableDescriptor", [64, 0, 16])
        setattr(palette, f"Segmented{colour}PaletteColorLookupTableData", segments)
    return [*(encoded(values, syntax) for syntax in (*LOSSLESS, *LOSSY)), part10(overlaid), part10(palette)]


def shared() -> list[bytes]:
    """Real files, where this machine has them."""
    root = folder_of_shared_data()
    return [data for folder in _SHARED if root.is_dir() for data in _files(root / folder)]


def _files(root: Path) -> list[bytes]:
    paths = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix in ("", ".dcm"))
    return [path.read_bytes() for path in paths if 200 < path.stat().st_size <= _LARGEST_BYTES]
