"""What the numbers of an image are. Where the header does not say, nothing is said for it."""

from viewers.image.description import FrameDescription
from viewers.image.quantity_kinds import Quantity

NO_UNIT = Quantity("", "1")
HOUNSFIELD = Quantity("HU", "[hnsf'U]")
ACTIVITY = Quantity("Bq/ml", "Bq/ml")

SUV_BODY_WEIGHT = Quantity("SUVbw", "g/ml{SUVbw}")
SUV_LEAN_MASS = Quantity("SUVlbm", "g/ml{SUVlbm}")
SUV_BODY_SURFACE = Quantity("SUVbsa", "cm2/ml{SUVbsa}")
UPTAKE = (SUV_BODY_WEIGHT, SUV_LEAN_MASS, SUV_BODY_SURFACE)

# Units of real world maps and of rescale types that readers know by another name than their code.
_NAMES = {
    "[hnsf'U]": HOUNSFIELD,
    "Bq/ml": ACTIVITY,
    "g/ml{SUVbw}": SUV_BODY_WEIGHT,
    "{SUVbw}g/ml": SUV_BODY_WEIGHT,
    "g/ml{SUVlbm}": SUV_LEAN_MASS,
    "{SUVlbm}g/ml": SUV_LEAN_MASS,
    "cm2/ml{SUVbsa}": SUV_BODY_SURFACE,
    "{SUVbsa}cm2/ml": SUV_BODY_SURFACE,
    "mm2/s": Quantity("mm²/s", "mm2/s"),
    "um2/s": Quantity("µm²/s", "um2/s"),
    "10*-6.mm2/s": Quantity("10⁻⁶ mm²/s", "10*-6.mm2/s"),
    "1": NO_UNIT,
    "{no units}": NO_UNIT,
}

# Units of positron emission and their UCUM codes. Source: PS3.3 C.8.9.1.1.3.
_PET_UNITS = {
    "BQML": ACTIVITY,
    "CNTS": Quantity("counts", "{counts}"),
    "CPS": Quantity("counts/s", "{counts}/s"),
    "PROPCNTS": Quantity("prop. counts", "{propcounts}"),
    "PROPCPS": Quantity("prop. counts/s", "{propcounts}/s"),
    "GML": Quantity("g/ml", "g/ml"),
    "CM2ML": Quantity("cm²/ml", "cm2/ml"),
    "PCNT": Quantity("%", "%"),
    "MLMINML": Quantity("ml/min/ml", "ml/min/ml"),
}

# Rescale types that name their unit. Source: PS3.3 C.11.1.1.2.
_RESCALE_UNITS = {
    "HU": HOUNSFIELD,
    "HU_MOD": Quantity("HU (mod.)", "[hnsf'U]"),
    "MGML": Quantity("mg/ml", "mg/ml"),
    "PCT": Quantity("%", "%"),
    "Z_EFF": Quantity("Z eff", "{Z_eff}"),
    "ED": Quantity("10²³/ml", "10*23/ml"),
}


def named_quantity(ucum: str, meaning: str) -> Quantity:
    """Return the quantity of a unit in UCUM; the meaning is the sender's word where the unit is not known here."""
    return _NAMES.get(ucum) or Quantity(meaning or ucum, ucum)


def quantity_of(frame: FrameDescription) -> Quantity:
    """Return what the modality values of a frame are; no unit rather than a guessed one."""
    if frame.quantity is not None:
        return frame.quantity
    if frame.format.samples != 1:
        return NO_UNIT
    rescale_type = (frame.rescale_type or "").strip().upper()
    if frame.modality == "CT":
        return _of_ct(frame, rescale_type)
    if frame.modality == "PT":
        return _PET_UNITS.get((frame.units or "").strip().upper(), NO_UNIT)
    return _RESCALE_UNITS.get(rescale_type, NO_UNIT)


def _of_ct(frame: FrameDescription, rescale_type: str) -> Quantity:
    kind = tuple(value.strip().upper() for value in frame.image_type)
    if "LOCALIZER" in kind:
        # A projection: its numbers add up along the beam, whatever the rescale type says.
        return NO_UNIT
    if rescale_type:
        return _RESCALE_UNITS.get(rescale_type, NO_UNIT)
    return HOUNSFIELD if "ORIGINAL" in kind[:1] or "AXIAL" in kind else NO_UNIT
