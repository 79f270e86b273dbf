"""What several kinds of objects share: who made them, when, which images they mean, and in which colour to draw."""

from viewers.graphics.model import Colour, ImagePlace
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.header import Header
from workstation.domain.study import InstanceReference

# Told apart from one another and from the reader's own marks, also without red against green.
_COLOURS: tuple[Colour, ...] = (
    (255, 160, 90),
    (200, 150, 255),
    (255, 120, 170),
    (170, 220, 90),
    (90, 170, 255),
    (255, 225, 140),
)


def reference_of(header: Header) -> InstanceReference:
    """Return the identifiers of an object."""
    return InstanceReference(
        StudyUID(header.uid("StudyInstanceUID")),
        SeriesUID(header.uid("SeriesInstanceUID")),
        InstanceUID(header.uid("SOPInstanceUID")),
        header.uid("SOPClassUID"),
    )


def author_of(header: Header) -> str:
    """Return who made an object: the person who verified, wrote or created it, else the device."""
    persons = (
        header.item("VerifyingObserverSequence").person("VerifyingObserverName"),
        header.item("AuthorObserverSequence").person("PersonName"),
        header.person("ContentCreatorName"),
        header.person("OperatorsName"),
    )
    named = next((person.display for person in persons if person.display), "")
    device = " ".join(part for part in (header.text("Manufacturer"), header.text("ManufacturerModelName")) if part)
    return named or device


def date_of(header: Header) -> str:
    """Return when an object was made, YYYYMMDD."""
    keywords = ("ContentDate", "PresentationCreationDate", "StructureSetDate", "SeriesDate", "StudyDate")
    return next((header.text(keyword) for keyword in keywords if header.text(keyword)), "")


def colour_of(identifier: str, offset: int = 0) -> Colour:
    """Return the colour of what has none of its own: the same for the same identifier."""
    return _COLOURS[(sum(identifier.encode()) + offset) % len(_COLOURS)]


def image_place(reference: Header) -> ImagePlace:
    """Return the frames that an item of a referenced image sequence means. Source: PS3.3 10.3."""
    frames = tuple(int(number) - 1 for number in reference.numbers("ReferencedFrameNumber"))
    return ImagePlace(InstanceUID(reference.uid("ReferencedSOPInstanceUID")), frames)


def colour_from_lab(stated: tuple[float, ...]) -> Colour | None:
    """Return the screen colour of a recommended CIELab value, of which 65535 is the full range.

    Source: PS3.3 C.10.7.1.1; white D50 adapted to sRGB.
    """
    if len(stated) != 3:
        return None
    lightness = stated[0] * 100.0 / 65535.0
    a, b = (value * 255.0 / 65535.0 - 128.0 for value in stated[1:])
    middle = (lightness + 16.0) / 116.0
    x, y, z = (
        white * _from_lab(value)
        for white, value in zip((0.9642, 1.0, 0.8249), (middle + a / 500.0, middle, middle - b / 200.0), strict=True)
    )
    # From D50 to linear sRGB (Bradford).
    linear = (
        3.1338561 * x - 1.6168667 * y - 0.4906146 * z,
        -0.9787684 * x + 1.9161415 * y + 0.0334540 * z,
        0.0719453 * x - 0.2289914 * y + 1.4052427 * z,
    )
    red, green, blue = (_companded(value) for value in linear)
    return red, green, blue


def _from_lab(value: float) -> float:
    return value**3 if value > 6.0 / 29.0 else 3.0 * (6.0 / 29.0) ** 2 * (value - 4.0 / 29.0)


def _companded(value: float) -> int:
    clipped = min(1.0, max(0.0, value))
    coded = 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1.0 / 2.4) - 0.055
    return round(coded * 255.0)
