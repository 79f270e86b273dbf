"""How a frame was acquired, in the words and numbers of its header: what chooses the place that it hangs in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acquisition:
    """What a header says of one frame; empty or ``None`` where it says nothing.

    ``laterality`` is ``L``, ``R`` or ``B``; ``view`` the view position (``CC``, ``MLO``, ``PA``).
    ``patient_orientation`` are the letters of the directions in which the column index and the row index grow; they
    serve an image that has no place in the patient. ``contrast`` is the agent; ``thickness_mm`` that of the slice.

    Source: PS3.3 C.7.6.1.1.1, C.7.6.4, C.8.3.1, C.8.11.7.
    """

    body_part: str = ""
    protocol: str = ""
    sequence: str = ""
    image_type: tuple[str, ...] = ()
    kernel: str = ""
    contrast: str = ""
    laterality: str = ""
    view: str = ""
    patient_orientation: tuple[str, str] | None = None
    b_value: float | None = None
    echo_time_ms: float | None = None
    repetition_time_ms: float | None = None
    thickness_mm: float | None = None
