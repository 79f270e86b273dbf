"""The four views of two breasts, made by arithmetic: bright from the chest wall on, with a dot near the nipple."""

import numpy as np

from viewers.identifiers import InstanceUID
from viewers.image.assemble import assemble
from viewers.image.volume import Volume
from workstation.dicom.describe import describe_frames
from workstation.dicom.header import Header, element, elements

_SYNTAX = "1.2.840.10008.1.2.1"
# View and side, and how each lies: towards the nipple, or the chest wall, along the rows.
USUAL = {("R", "CC"): ("P", "L"), ("L", "CC"): ("A", "R"), ("R", "MLO"): ("P", "FL"), ("L", "MLO"): ("A", "FR")}
MIRRORED = {("R", "CC"): ("A", "L"), ("L", "CC"): ("P", "R"), ("R", "MLO"): ("A", "FL"), ("L", "MLO"): ("P", "FR")}


def breast(
    series: str, number: int, side: str, view: str, orientation: tuple[str, str], shape: tuple[int, int] = (60, 40)
) -> Volume:
    """One view; the chest wall is at the edge that ``orientation`` calls P, and at the other one nothing."""
    rows, columns = shape
    header = Header(
        elements(
            (
                ("SOPClassUID", element("UI", "1.2.840.10008.5.1.4.1.1.1.2")),
                ("SOPInstanceUID", element("UI", f"{series}.{number}")),
                ("SeriesInstanceUID", element("UI", series)),
                ("Modality", element("CS", "MG")),
                ("Rows", element("US", rows)),
                ("Columns", element("US", columns)),
                ("BitsAllocated", element("US", 16)),
                ("BitsStored", element("US", 12)),
                ("PhotometricInterpretation", element("CS", "MONOCHROME2")),
                ("ImagerPixelSpacing", element("DS", 0.1, 0.1)),
                ("InstanceNumber", element("IS", number)),
                ("ImageLaterality", element("CS", side)),
                ("ViewPosition", element("CS", view)),
                ("PatientOrientation", element("CS", *orientation)),
                ("WindowCenter", element("DS", 1500)),
                ("WindowWidth", element("DS", 3000)),
            )
        )
    )
    described = describe_frames(header, _SYNTAX)
    down, along = np.mgrid[0:rows, 0:columns]
    from_wall = columns - 1 - along if orientation[0] == "P" else along
    centre = rows * (0.5 if view == "CC" else 0.45)
    inside = (from_wall / (0.8 * columns)) ** 2 + ((down - centre) / (0.45 * rows)) ** 2 < 1
    pixels = np.where(inside, 1600, 0).astype(np.uint16)
    dot = (from_wall - 0.6 * columns) ** 2 + (down - centre) ** 2 < (0.04 * rows) ** 2
    pixels[dot] = 3000
    (volume,) = assemble(described, {(InstanceUID(f"{series}.{number}"), 0): pixels})
    return volume
