"""Where the volumes of a series lie and what is irregular about them, as scripts are told."""

from collections.abc import Sequence
from typing import Any

from viewers.image.volume import FindingKind, GeometryFinding, GeometryPassport

Json = dict[str, Any]


def geometry_json(passports: Sequence[GeometryPassport]) -> Json:
    """Return the first volume's geometry, and all of them under ``volumes``; empty for a series without frames."""
    if not passports:
        return {}
    volumes = [_volume(passport) for passport in passports]
    return {**volumes[0], "splits": len(volumes) - 1, "volumes": volumes}


def _volume(passport: GeometryPassport) -> Json:
    spacing = passport.spacing_kji_mm
    return {
        "shape": list(passport.shape_kji),
        "spacing_mm": None if spacing is None else list(spacing),
        "spacing_source": str(passport.spacing_source),
        "tilt_degrees": passport.tilt_degrees,
        "gaps": [place for finding in _of(passport, FindingKind.GAP) for place in finding.positions_mm],
        "duplicates": sum(finding.count for finding in _of(passport, FindingKind.DUPLICATE)),
        "findings": [_finding(finding) for finding in passport.findings],
        "frame_of_reference": passport.frame_of_reference,
    }


def _of(passport: GeometryPassport, kind: FindingKind) -> tuple[GeometryFinding, ...]:
    return tuple(finding for finding in passport.findings if finding.kind is kind)


def _finding(finding: GeometryFinding) -> Json:
    return {
        "kind": str(finding.kind),
        "positions_mm": list(finding.positions_mm),
        "value": finding.value,
        "count": finding.count,
    }
