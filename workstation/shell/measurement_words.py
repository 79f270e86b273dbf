"""What is said of a mark: its values, what they must not be relied upon for, and where they come from."""

from dataclasses import dataclass

from viewers.annotations.model import MeasuredValue, Measurement
from viewers.image.description import SpacingSource
from viewers.state.marks import SPACING_MARKS
from workstation.shell.formats import numeral
from workstation.translations import Translator

# Values that need no name: the tool says what they are.
_UNNAMED = frozenset({"length", "angle", "value"})
_ONE_DECIMAL = frozenset({"mm", "mm²", "px", "°"})


@dataclass(frozen=True, slots=True)
class MeasuredLine:
    """What a row says: values in words, whether they must not be relied upon, and, on demand, where they come from."""

    values: str
    warning: str = ""
    details: str = ""


def measured_line(measured: Measurement, words: Translator) -> MeasuredLine:
    """Return what is said of one mark."""
    values = measured.values
    used = dict.fromkeys(SPACING_MARKS[value.spacing] for value in values if value.spacing in SPACING_MARKS)
    warnings = [words.text(f"viewport.mark.{mark}") for mark in used]
    warnings += _fidelity(values, words)
    if measured.refusal:
        warnings.append(words.text(f"errors.{measured.refusal}"))
    return MeasuredLine(
        "\n".join(value_text(value, words) for value in values), ", ".join(warnings), _details(measured, words)
    )


def value_text(value: MeasuredValue, words: Translator) -> str:
    """Return a value with its name and unit, with the decimals that its size deserves."""
    decimals = 1 if value.unit_label in _ONE_DECIMAL or abs(value.value) >= 10 else 2
    number = f"{round(value.value, decimals) + 0.0:.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    name = "" if value.name in _UNNAMED else words.text(f"viewport.value.{value.name}")
    amount = f"{numeral(number, words.language)}{'' if value.unit_label == '°' else ' '}{value.unit_label}".strip()
    return f"{name} {amount}".strip()


def _fidelity(values: tuple[MeasuredValue, ...], words: Translator) -> list[str]:
    return [
        words.text(f"viewport.measured_on_{kind}")
        for kind, holds in (
            ("lossy", any(value.on_lossy for value in values)),
            ("partial", any(value.on_partial for value in values)),
            ("reduced", any(value.on_reduced for value in values)),
        )
        if holds
    ]


def _details(measured: Measurement, words: Translator) -> str:
    """Return the image, the size of its pixels and their fidelity, one sentence each."""
    annotation, values = measured.annotation, measured.values
    lines = []
    if measured.slice_index is not None:
        lines.append(words.text("reading_page.measurements.image", number=measured.slice_index + 1))
    if annotation.frame_of_reference is None:
        lines.append(words.text("reading_page.measurements.no_space"))
    sizes = dict.fromkeys(value.spacing for value in values if value.spacing is not SpacingSource.NONE)
    lines += [words.text(f"reading_page.measurements.size.{one.name.lower()}") for one in sizes]
    if values:
        lines += _fidelity(values, words) or [words.text("reading_page.measurements.faithful")]
    return "\n".join(lines)
