"""Standardised uptake: the factors from what a PET image states, or the reason why there are none.

Nothing is guessed: a factor rests on stated weight, dose, times, half-life and corrections, or there is none.

Source: QIBA FDG-PET/CT profile, vendor-neutral SUV calculation; PS3.3 C.8.9.1; PS3.16 CID 85.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from viewers.image.quantity import SUV_BODY_SURFACE, SUV_BODY_WEIGHT, SUV_LEAN_MASS, UPTAKE
from viewers.image.quantity_kinds import Conversion, Quantity, Withheld
from workstation.dicom.header import Header
from workstation.dicom.private import private_number
from workstation.dicom.suv_times import UnknownTime, injection_time, scan_time

_PHILIPS = "Philips PET Private Group"
_SUV_FACTOR, _ACTIVITY_FACTOR = 0x00, 0x09
# A dose below this, Bq, is one in MBq or none at all; weights in kg and heights in m outside these are none.
_LEAST_DOSE_BQ = 1e4
_WEIGHTS_KG = (0.5, 500.0)
_HEIGHTS_M = (0.2, 2.6)
# Beyond this many half-lives nobody images, so that one of the times is wrong.
_MOST_HALF_LIVES = 10.0

# What values in g/ml are, by SUV Type. Source: PS3.3 C.8.9.1 (SUV Type); no type means body weight.
_TYPES: Mapping[str, Quantity] = MappingProxyType(
    {"": SUV_BODY_WEIGHT, "BW": SUV_BODY_WEIGHT, "LBM": SUV_LEAN_MASS, "BSA": SUV_BODY_SURFACE}
)


@dataclass(frozen=True, slots=True)
class Uptake:
    """The quantities that the values may be turned into, the preferred one first, and those that they may not."""

    conversions: tuple[Conversion, ...] = ()
    withheld: tuple[Withheld, ...] = ()


class _Missing(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def describe_uptake(header: Header) -> Uptake:
    """Return what a PET image can be read in; nothing for another modality."""
    if header.text("Modality") != "PT":
        return Uptake()
    try:
        own, factor = _by_own_factor(header)
    except (_Missing, UnknownTime) as missing:
        return Uptake((), tuple(Withheld(quantity, missing.why) for quantity in UPTAKE))
    return _related(header, own, factor)


def _by_own_factor(header: Header) -> tuple[Quantity, float]:
    """Return the SUV that the units lead to, and its factor."""
    units = header.text("Units").strip().upper()
    if units == "GML":
        return _typed(header), 1.0
    _require_corrections(header)
    if units == "BQML":
        return SUV_BODY_WEIGHT, _weight_kg(header) * 1000.0 / _dose_at_scan(header)
    if units == "CNTS":
        return SUV_BODY_WEIGHT, _of_counts(header)
    raise _Missing("suv.units")


def _typed(header: Header) -> Quantity:
    kind = _TYPES.get(header.text("SUVType").strip().upper())
    if kind is None or kind is SUV_BODY_SURFACE:
        raise _Missing("suv.units")
    return kind


def _of_counts(header: Header) -> float:
    factor = private_number(header, 0x7053, _PHILIPS, _SUV_FACTOR)
    if factor is not None and factor > 0.0:
        return factor
    activity = private_number(header, 0x7053, _PHILIPS, _ACTIVITY_FACTOR)
    if activity is None or activity <= 0.0:
        raise _Missing("suv.counts")
    return activity * _weight_kg(header) * 1000.0 / _dose_at_scan(header)


def _require_corrections(header: Header) -> None:
    corrected = {one.strip().upper() for one in header.texts("CorrectedImage")}
    if "ATTN" not in corrected:
        raise _Missing("suv.not_attenuation_corrected")
    if "DECY" not in corrected or header.text("DecayCorrection").strip().upper() not in ("START", "ADMIN"):
        raise _Missing("suv.not_decay_corrected")


def _dose_at_scan(header: Header) -> float:
    """Return the dose, Bq, at the moment to which the activity was corrected."""
    tracers = header.items("RadiopharmaceuticalInformationSequence")
    if len(tracers) != 1:
        raise _Missing("suv.tracer")
    tracer = tracers[0]
    dose = tracer.number("RadionuclideTotalDose")
    if dose is None or dose < _LEAST_DOSE_BQ:
        raise _Missing("suv.no_dose")
    if header.text("DecayCorrection").strip().upper() == "ADMIN":
        return dose
    half_life_s = tracer.number("RadionuclideHalfLife")
    if half_life_s is None or half_life_s <= 0.0:
        raise _Missing("suv.no_half_life")
    scanned = scan_time(header, half_life_s)
    elapsed_s = (scanned - injection_time(header, tracer, scanned)).total_seconds()
    if not 0.0 <= elapsed_s <= _MOST_HALF_LIVES * half_life_s:
        raise _Missing("suv.times_disagree")
    return float(dose * 2.0 ** (-elapsed_s / half_life_s))


def _weight_kg(header: Header) -> float:
    weight = header.number("PatientWeight")
    if weight is None or not _WEIGHTS_KG[0] <= weight <= _WEIGHTS_KG[1]:
        raise _Missing("suv.no_weight")
    return weight


def _related(header: Header, own: Quantity, factor: float) -> Uptake:
    """Return the SUV that the image leads to, and the others by the patient's own proportions."""
    conversions, withheld = [Conversion(factor, 0.0, own)], []
    for quantity in UPTAKE:
        if quantity == own:
            continue
        try:
            ratio = _normaliser(header, quantity) / _normaliser(header, own)
        except _Missing as missing:
            withheld.append(Withheld(quantity, missing.why))
        else:
            conversions.append(Conversion(factor * ratio, 0.0, quantity))
    return Uptake(tuple(conversions), tuple(withheld))


def _normaliser(header: Header, quantity: Quantity) -> float:
    """Return what the activity for each unit of dose is multiplied with: g, or cm² for the body surface."""
    weight = _weight_kg(header)
    if quantity == SUV_BODY_WEIGHT:
        return weight * 1000.0
    height = header.number("PatientSize")
    if height is None or not _HEIGHTS_M[0] <= height <= _HEIGHTS_M[1]:
        raise _Missing("suv.no_height")
    if quantity == SUV_BODY_SURFACE:
        # Du Bois, in m², to cm².
        return float(weight**0.425 * (height * 100.0) ** 0.725 * 0.007184 * 10_000.0)
    lean = _lean_kg(header.text("PatientSex").strip().upper(), weight, height * 100.0)
    if lean <= 0.0:
        raise _Missing("suv.no_height")
    return lean * 1000.0


def _lean_kg(sex: str, weight: float, height_cm: float) -> float:
    """Return the lean body mass by James, kg."""
    if sex not in _JAMES:
        raise _Missing("suv.no_sex")
    linear, square = _JAMES[sex]
    return float(linear * weight - square * (weight / height_cm) ** 2)


_JAMES: Mapping[str, tuple[float, float]] = MappingProxyType({"M": (1.10, 120.0), "F": (1.07, 148.0)})
