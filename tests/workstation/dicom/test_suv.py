"""Standardised uptake against arithmetic done by hand, and a refusal with its reason where something is missing."""

from datetime import datetime
from typing import Any

import pytest

from tests.support.shared_data import shared_data_root
from tests.workstation.dicom.test_describe import header, read, sequence
from viewers.image.quantity_kinds import Conversion
from workstation.dicom.describe_suv import describe_uptake
from workstation.dicom.header import Header, element
from workstation.dicom.suv_times import scan_time

BW, LBM, BSA = "SUVbw", "SUVlbm", "SUVbsa"
PHILIPS = {"70530010": {"vr": "LO", "Value": ["Philips PET Private Group"]}}


def tracer(**changes: Any) -> dict[str, Any]:
    """400 MBq of a tracer with a half-life of 6000 s, at 8:20, which is 6000 s before the scan."""
    values: dict[str, Any] = {
        "RadionuclideTotalDose": 400e6,
        "RadionuclideHalfLife": 6000.0,
        "RadiopharmaceuticalStartTime": "082000",
        **changes,
    }
    kinds = {"RadiopharmaceuticalStartTime": "TM", "RadiopharmaceuticalStartDateTime": "DT"}
    pairs = [(name, element(kinds.get(name, "DS"), value)) for name, value in values.items() if value is not None]
    return sequence(header(*pairs))


def pet(tracers: dict[str, Any] | None = None, **changes: Any) -> Header:
    """A PET image of a man of 80 kg and 1.60 m, scanned at 10:00, in Bq/ml."""
    values: dict[str, Any] = {
        "Modality": ("CS", "PT"),
        "Units": ("CS", "BQML"),
        "CorrectedImage": ("CS", "ATTN", "DECY", "SCAT"),
        "DecayCorrection": ("CS", "START"),
        "SeriesDate": ("DA", "20240302"),
        "SeriesTime": ("TM", "100000"),
        "AcquisitionDate": ("DA", "20240302"),
        "AcquisitionTime": ("TM", "100500.5"),
        "PatientWeight": ("DS", 80.0),
        "PatientSize": ("DS", 1.6),
        "PatientSex": ("CS", "M"),
    }
    values |= {name: value if isinstance(value, tuple) else (values[name][0], value) for name, value in changes.items()}
    pairs = [(name, element(*value)) for name, value in values.items() if value[1] is not None]
    return header(("RadiopharmaceuticalInformationSequence", tracers or tracer()), *pairs)


def factors(image: Header) -> dict[str, float]:
    return {one.quantity.name: one.scale for one in describe_uptake(image).conversions}


def refusals(image: Header) -> dict[str, str]:
    return {one.quantity.name: one.why for one in describe_uptake(image).withheld}


def test_body_weight_by_the_dose_left_at_the_start_of_the_series() -> None:
    # One half-life: 200 MBq are left. 80 kg × 1000 ÷ 200e6 Bq = 0.0004 g/Bq: 5000 Bq/ml are an SUV of 2.
    assert factors(pet())[BW] == pytest.approx(0.0004, rel=1e-12)


def test_a_dose_corrected_to_its_administration_is_not_decayed_again() -> None:
    # 80 000 g ÷ 400e6 Bq.
    assert factors(pet(DecayCorrection="ADMIN"))[BW] == pytest.approx(0.0002, rel=1e-12)


def test_lean_mass_and_body_surface_by_the_same_dose() -> None:
    # James, man: 1.10 × 80 - 120 × (80 ÷ 160)² = 88 - 30 = 58 kg. 58 000 ÷ 200e6 = 0.00029.
    # Woman: 1.07 × 80 - 148 × 0.25 = 85.6 - 37 = 48.6 kg: 0.000243.
    # Du Bois: 0.007184 × 80^0.425 × 160^0.725 = 0.007184 × 6.43892 × 39.6266 = 1.83302 m² = 18 330.2 cm²; ÷ 200e6.
    found = factors(pet())
    assert found[LBM] == pytest.approx(0.00029, rel=1e-12)
    assert found[BSA] == pytest.approx(18_330.2 / 200e6, rel=1e-5)
    assert factors(pet(PatientSex="F"))[LBM] == pytest.approx(0.000243, rel=1e-12)


def test_an_injection_before_midnight_was_the_day_before() -> None:
    # 23:30 to 0:20 is 3000 s, half a half-life: 400e6 ÷ √2 are left.
    image = pet(tracer(RadiopharmaceuticalStartTime="233000.00"), SeriesTime="002000", AcquisitionTime="002100")
    assert factors(image)[BW] == pytest.approx(80_000 / (400e6 / 2**0.5), rel=1e-12)


def test_a_moment_with_its_date_goes_before_a_time_alone() -> None:
    # The day before at 10:00: 86 400 s are 14.4 half-lives, which nobody waits.
    late = pet(tracer(RadiopharmaceuticalStartDateTime="20240301100000"))
    assert refusals(late)[BW] == "suv.times_disagree"
    early = pet(tracer(RadiopharmaceuticalStartDateTime="20240302082000.000000", RadiopharmaceuticalStartTime="090000"))
    assert factors(early)[BW] == pytest.approx(0.0004, rel=1e-12)


def test_a_time_zone_is_brought_to_that_of_the_series() -> None:
    # 7:20 in UTC is 8:20 at +0100, and 2:50 at -0430 as well.
    for stated in ("20240302072000+0000", "20240302025000-0430"):
        zoned = tracer(RadiopharmaceuticalStartDateTime=stated, RadiopharmaceuticalStartTime=None)
        image = pet(zoned, TimezoneOffsetFromUTC=("SH", "+0100"))
        assert factors(image)[BW] == pytest.approx(0.0004, rel=1e-12)
        assert refusals(pet(zoned))[BW] == "suv.time_zone"
    same = tracer(RadiopharmaceuticalStartDateTime="20240302082000+0200")
    assert factors(pet(same))[BW] == pytest.approx(0.0004, rel=1e-12)


def test_a_series_made_later_is_corrected_to_the_acquisition_by_the_times_of_the_frame() -> None:
    # λ = ln 2 ÷ 6000 s; the frame lasts 6000 s, so that it decays by λ·6000 = ln 2. Its mean count rate is met at
    # 1 ÷ λ × ln(ln 2 ÷ (1 - ½)) = 8656.17 × ln 1.386294 = 8656.17 × 0.326634 = 2827.40 s after it began.
    # A frame reference time of 2827.40 s says that the frame began the scan: the scan began at its acquisition, 9:30.
    image = pet(
        SeriesTime="173000",
        AcquisitionTime="093000",
        FrameReferenceTime=("DS", 2_827_400.0),
        ActualFrameDuration=("IS", 6_000_000),
    )
    begun = scan_time(image, 6000.0)
    assert abs((begun - datetime.fromisoformat("2024-03-02T09:30:00")).total_seconds()) < 0.1
    # 9:30 is 4200 s after 8:20: 2 ^ -0.7 of the dose is left.
    assert factors(image)[BW] == pytest.approx(80_000 / (400e6 * 2**-0.7), rel=1e-4)
    assert refusals(pet(SeriesTime="173000", AcquisitionTime="093000"))[BW] == "suv.no_scan_time"


def test_values_in_grams_for_each_millilitre_are_what_their_type_says() -> None:
    assert factors(pet(Units="GML"))[BW] == 1.0
    lean = factors(pet(Units="GML", SUVType=("CS", "LBM")))
    # 80 kg for 58 kg.
    assert (lean[LBM], lean[BW]) == (1.0, pytest.approx(80 / 58, rel=1e-12))
    assert refusals(pet(Units="GML", SUVType=("CS", "IBW")))[BW] == "suv.units"


def test_counts_are_turned_by_the_factor_of_their_maker() -> None:
    with_suv = Header({**pet(Units="CNTS").elements, **PHILIPS, "70531000": element("DS", 0.00123)})
    assert factors(with_suv)[BW] == pytest.approx(0.00123)
    # 2 Bq/ml for a count, and 0.0004 for a Bq/ml. In an implicit encoding the value comes as bytes: "2.0 ".
    inline = {"vr": "UN", "InlineBinary": "Mi4wIA=="}
    with_activity = Header({**pet(Units="CNTS").elements, **PHILIPS, "70531009": inline})
    assert factors(with_activity)[BW] == pytest.approx(0.0008, rel=1e-12)
    moved = {"705300A1": PHILIPS["70530010"], "7053A100": element("DS", 0.5)}
    assert factors(Header({**pet(Units="CNTS").elements, **moved}))[BW] == 0.5
    assert refusals(pet(Units="CNTS"))[BW] == "suv.counts"
    foreign = Header({**pet(Units="CNTS").elements, "70531000": element("DS", 0.00123)})
    assert refusals(foreign)[BW] == "suv.counts"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"PatientWeight": None}, "suv.no_weight"),
        ({"PatientWeight": 0.0}, "suv.no_weight"),
        ({"Units": "PROPCNTS"}, "suv.units"),
        ({"Units": None}, "suv.units"),
        ({"DecayCorrection": "NONE"}, "suv.not_decay_corrected"),
        ({"DecayCorrection": None}, "suv.not_decay_corrected"),
        ({"CorrectedImage": ("CS", "ATTN")}, "suv.not_decay_corrected"),
        ({"CorrectedImage": ("CS", "DECY")}, "suv.not_attenuation_corrected"),
        ({"SeriesTime": None, "AcquisitionTime": None}, "suv.no_scan_time"),
        ({"tracers": tracer(RadionuclideTotalDose=None)}, "suv.no_dose"),
        ({"tracers": tracer(RadionuclideTotalDose=400.0)}, "suv.no_dose"),
        ({"tracers": tracer(RadionuclideHalfLife=None)}, "suv.no_half_life"),
        ({"tracers": tracer(RadiopharmaceuticalStartTime=None)}, "suv.no_injection_time"),
        ({"tracers": tracer(RadiopharmaceuticalStartDateTime="20240302103000")}, "suv.times_disagree"),
        ({"tracers": {"vr": "SQ", "Value": tracer()["Value"] * 2}}, "suv.tracer"),
    ],
)
def test_without_what_it_needs_there_is_no_uptake_but_a_reason(changes: dict[str, Any], why: str) -> None:
    image = pet(**changes)
    assert factors(image) == {}
    assert refusals(image) == dict.fromkeys((BW, LBM, BSA), why)


def test_without_height_or_sex_body_weight_remains() -> None:
    small = pet(PatientSize=None)
    assert (set(factors(small)), refusals(small)) == ({BW}, {LBM: "suv.no_height", BSA: "suv.no_height"})
    other = pet(PatientSex="O")
    assert (set(factors(other)), refusals(other)) == ({BW, BSA}, {LBM: "suv.no_sex"})


def test_other_modalities_have_no_uptake() -> None:
    assert describe_uptake(pet(Modality="CT")).conversions == ()
    assert describe_uptake(pet(Modality="CT")).withheld == ()


@pytest.mark.shared_data
def test_a_real_image_has_the_factor_that_others_computed_for_it() -> None:
    """Source: the real world value maps beside the images (QIICR), 0.00042111 for body weight."""
    for path in sorted((shared_data_root() / "petct_acrin").glob("PT_*/*"))[::27]:
        image, _ = read(path)
        found = describe_uptake(image).conversions
        assert isinstance(found[0], Conversion)
        assert found[0].scale == pytest.approx(0.00042111, abs=5e-9)
