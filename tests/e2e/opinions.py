"""What a reader writes and draws in these tests: answers and marks on real images, as the command line takes them."""

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset

from workstation.demonstration.cases import study_files

FINDINGS = "Plage hypodense cortico-sous-corticale temporo-occipitale gauche, œdème modéré, sans hémorragie."
CONCLUSION = "Infarctus récent du territoire de l’artère cérébrale postérieure gauche : « probable à 90 % »."
LABEL = "Zone d’œdème"

SECTIONS = {
    "question": "Infarctus récent ou lésion ancienne ?",
    "clinical": "Baisse brutale de la vision du champ droit au réveil.",
    "indication": "Indication validée.",
    "protocol": "Scanner sans injection, coupes jointives, qualité suffisante.",
    "dose": "Non indiquée dans les images.",
    "comparison": "Aucun antérieur disponible.",
    "first_report": "Lu : accident ischémique postérieur gauche, d’âge indéterminé.",
    "findings": FINDINGS,
    "conclusion": CONCLUSION,
    "recommendations": "IRM de diffusion dans les 24 heures.",
    "limits": "Biologie non transmise.",
}
AGREEMENT = {"grade": "A1", "type": "ancienneté", "impact": "Aucun", "reason": "Le caractère récent est affirmé."}
CRITICAL = {
    "finding": "Infarctus récent",
    "identified_at": "22/11/2026 03:10",
    "communicated_by": "Lecteur de démonstration",
    "received_by": "Urgences",
    "received_at": "22/11/2026 03:14",
    "method": "téléphone",
}


@dataclass(frozen=True)
class Slices:
    """The headers of one series of a shipped study, in the order of their instance numbers."""

    headers: tuple[Dataset, ...]

    @property
    def study(self) -> str:
        return str(self.headers[0].StudyInstanceUID)

    @property
    def series(self) -> str:
        return str(self.headers[0].SeriesInstanceUID)

    @property
    def middle(self) -> Dataset:
        return self.headers[len(self.headers) // 2]


def slices_of(folder: str) -> Slices:
    """Read the headers of a shipped study that has one series."""
    headers = [pydicom.dcmread(BytesIO(part10), stop_before_pixels=True) for part10 in study_files(folder)]
    return Slices(tuple(sorted(headers, key=lambda header: int(header.InstanceNumber))))


def answers(header: Dataset, **changed: object) -> dict[str, object]:
    """Return complete answers with a key image and a critical result; a value of none leaves a key out."""
    key_images = [{"instance": str(header.SOPInstanceUID), "frame": 1, "text": "Niveau de l’atteinte"}]
    content = {**SECTIONS, "agreement": AGREEMENT, "critical": CRITICAL, "key_images": key_images, **changed}
    return {key: value for key, value in content.items() if value is not None}


def marks(header: Dataset) -> list[dict[str, object]]:
    """Return one mark of each tool on one slice."""
    return [
        _mark(header, "length", [(200, 300), (240, 330)], "Grand axe"),
        _mark(header, "ellipse", [(300, 300), (340, 300), (320, 285), (320, 315)], LABEL),
        _mark(header, "arrow", [(220, 220), (250, 260)], "Sillon effacé"),
        _mark(header, "bidirectional", [(180, 250), (230, 250), (205, 240), (205, 268)], "Cible 1"),
        _mark(header, "angle", [(150, 200), (180, 240), (230, 235)], "Angle"),
        _mark(header, "freehand", [(280, 200), (310, 190), (330, 215), (300, 230)], "Contour"),
        _mark(header, "probe", [(256, 256)], "Pixel"),
    ]


def written(path: Path, content: object) -> Path:
    """Write a file for the command line."""
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def point_lps(header: Dataset, column: float, row: float) -> tuple[float, float, float]:
    """Return the centre of a pixel in LPS mm. Source: PS3.3 C.7.6.2.1.1."""
    position = [float(value) for value in header.ImagePositionPatient]
    axes = [float(value) for value in header.ImageOrientationPatient]
    between_rows, between_columns = (float(value) for value in header.PixelSpacing)
    x, y, z = (position[n] + axes[n] * column * between_columns + axes[n + 3] * row * between_rows for n in range(3))
    return x, y, z


def _mark(header: Dataset, tool: str, pixels: list[tuple[int, int]], text: str) -> dict[str, Any]:
    return {
        "tool": tool,
        "frame_of_reference": str(header.FrameOfReferenceUID),
        "points_lps": [point_lps(header, *pixel) for pixel in pixels],
        "series": str(header.SeriesInstanceUID),
        "instance": str(header.SOPInstanceUID),
        "frame": 1,
        "text": text,
    }
