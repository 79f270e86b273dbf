"""Where the volumes of a series lie and what is irregular about them, as scripts are told."""

from collections.abc import Sequence
from typing import Any

from viewers.image.volume import FindingKind, GeometryFinding, GeometryPassport

Json = dict[str, Any]


def geometry_json(passports: Sequence[GeometryPassport], is_whole: bool | None = None) -> Json:
    """Return the first volume's geometry, and all of them under ``volumes``; empty for a series without frames.

    ``duplicates`` are those of the whole series. ``gap_cause`` compares with what the source counts: with everything
    received (``is_whole``) the missing slices are missing at the source too; unknown is ``None``.
    """
    if not passports:
        return {}
    volumes = [_volume(passport) for passport in passports]
    return {
        **volumes[0],
        "duplicates": sum(volume["duplicates"] for volume in volumes),
        "splits": len(volumes) - 1,
        "gap_cause": _gap_cause(volumes, is_whole),
        "volumes": volumes,
    }


def _gap_cause(volumes: Sequence[Json], is_whole: bool | None) -> str | None:
    if not any(volume["gaps"] for volume in volumes):
        return None
    return {None: "unknown", True: "missing_at_source", False: "not_received"}[is_whole]


def _volume(passport: GeometryPassport) -> Json:
    spacing = passport.spacing_kji_mm
    return {
        "shape": list(passport.shape_kji),
        "spacing_mm": None if spacing is None else list(spacing),
        "spacing_source": str(passport.spacing_source),
        "calibration": passport.calibration,
        "pixel_aspect": passport.pixel_aspect,
        "tilt_degrees": passport.tilt_degrees,
        "is_tilted": bool(passport.of(FindingKind.TILT)),
        "is_uneven": bool(passport.of(FindingKind.UNEVEN_SPACING)),
        "gaps": [place for finding in passport.of(FindingKind.GAP) for place in finding.positions_mm],
        "duplicates": sum(finding.count for finding in passport.of(FindingKind.DUPLICATE)),
        "split_by": dict(passport.split_by),
        "done": [str(treatment) for treatment in passport.treatments],
        "findings": [_finding(finding) for finding in passport.findings],
        "frame_of_reference": None if passport.of(FindingKind.OWN_SPACE) else passport.frame_of_reference,
    }


def _finding(finding: GeometryFinding) -> Json:
    return {
        "kind": str(finding.kind),
        "positions_mm": list(finding.positions_mm),
        "value": finding.value,
        "count": finding.count,
    }
