"""What a viewport may show of a study, and the tests by which a selector tells whether it fits.

A fact that is not known yet speaks neither for nor against a series; a description may then hint at the plane, for
what is to come first. Once the orientation is known, it alone decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from viewers.image.acquisition import Acquisition
from viewers.state.view_state import VolumeReference
from workstation.domain.study import SeriesSummary
from workstation.reading.protocols.facts import SeriesFacts, VolumeFacts
from workstation.reading.protocols.model import Between, Selector
from workstation.reading.protocols.words import folded, said

_PLANE_WORDS: Mapping[str, tuple[str, ...]] = {
    "axial": ("ax", "axial*", "tra", "trans*", "axiale", "tr", "axi"),
    "coronal": ("cor", "coro*"),
    "sagittal": ("sag", "sagi*"),
}

# A volume, and which of its images where one image is meant.
Place = tuple[VolumeReference, int | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One volume of a series, or what a series will probably be; ``slice_index`` where one image is meant."""

    series: SeriesFacts
    volume: VolumeFacts | None
    slice_index: int | None = None

    @property
    def reference(self) -> VolumeReference:
        """The volume."""
        return VolumeReference(self.series.summary.uid) if self.volume is None else self.volume.reference

    @property
    def place(self) -> Place:
        """The volume, and the image where one is meant."""
        return self.reference, self.slice_index

    @property
    def acquisition(self) -> Acquisition:
        """How it was acquired, as far as that is known."""
        if self.volume is None:
            return Acquisition()
        return self.volume.acquisition if self.slice_index is None else self.volume.acquisitions[self.slice_index]

    @property
    def summary(self) -> SeriesSummary:
        """The series as it is listed."""
        return self.series.summary

    @property
    def images(self) -> int | None:
        """How many images it has."""
        volumes = self.series.volumes
        return self.summary.instances if self.volume is None or len(volumes) < 2 else self.volume.images


# Whether a candidate is what a selector wants; ``None`` where that is not known yet.
Test = Callable[[Selector, Candidate], bool | None]


def _modality(selector: Selector, candidate: Candidate) -> bool | None:
    return not selector.modalities or candidate.summary.modality in selector.modalities


def _plane(selector: Selector, candidate: Candidate) -> bool | None:
    if not selector.plane:
        return True
    if candidate.volume is not None:
        return candidate.volume.plane == selector.plane
    hint = hinted_plane(candidate)
    return None if hint in ("", selector.plane) else False


def hinted_plane(candidate: Candidate) -> str:
    """Return the plane that a description speaks of; the description of an examination without one says nothing."""
    text = candidate.summary.description
    return next((plane for plane, words in _PLANE_WORDS.items() if said(words, text)), "")


def texts_of(candidate: Candidate) -> str:
    """Return what is said of a candidate; the name of a protocol may be that of the whole examination."""
    acquired = candidate.acquisition
    return f"{candidate.summary.description or acquired.protocol} {acquired.sequence}"


def _words(selector: Selector, candidate: Candidate) -> bool | None:
    return not selector.words or said(selector.words, texts_of(candidate)) is not None


def _without(selector: Selector, candidate: Candidate) -> bool | None:
    return said(selector.without, candidate.summary.description) is None


def _image_types(selector: Selector, candidate: Candidate) -> bool | None:
    types = frozenset(candidate.acquisition.image_type)
    if not types and candidate.volume is None:
        return None if selector.image_types or selector.without_image_types else True
    if types.intersection(selector.without_image_types):
        return False
    return not selector.image_types or bool(types.intersection(selector.image_types))


def shows_view(selector: Selector, candidate: Candidate) -> bool | None:
    """Whether it is the view that is wanted."""
    if not selector.views:
        return True
    stated = candidate.acquisition.view
    if stated:
        return stated in selector.views
    description = folded(candidate.summary.description)
    named = [view for view in selector.views if folded(view) in description]
    return True if named else None


def is_of_side(selector: Selector, candidate: Candidate) -> bool | None:
    """Whether it is of the side that is wanted."""
    if not selector.laterality:
        return True
    stated = candidate.acquisition.laterality or candidate.summary.laterality
    return stated == selector.laterality if stated else None


def _contrast(selector: Selector, candidate: Candidate) -> bool | None:
    if selector.contrast is None:
        return True
    if candidate.volume is None:
        return None
    return bool(candidate.acquisition.contrast) == selector.contrast


def _number(wanted: Callable[[Selector], Between | None], found: Callable[[Candidate], float | None]) -> Test:
    def test(selector: Selector, candidate: Candidate) -> bool | None:
        range_ = wanted(selector)
        if range_ is None:
            return True
        value = found(candidate)
        if value is None:
            # What the headers do not say once they are known does not come any more.
            return None if candidate.volume is None else False
        return range_.holds(value)

    return test


TESTS: tuple[Test, ...] = (
    _modality,
    _words,
    _without,
    _plane,
    _image_types,
    shows_view,
    is_of_side,
    _contrast,
    _number(lambda selector: selector.b_value, lambda one: one.acquisition.b_value),
    _number(lambda selector: selector.echo_time_ms, lambda one: one.acquisition.echo_time_ms),
    _number(lambda selector: selector.repetition_time_ms, lambda one: one.acquisition.repetition_time_ms),
    _number(lambda selector: selector.thickness_mm, lambda one: one.acquisition.thickness_mm),
    _number(lambda selector: selector.images, lambda one: one.images),
)
