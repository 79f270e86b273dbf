"""Which volume, or image of one, a selector finds among what is known of a study now."""

from collections.abc import Callable, Collection, Iterable, Mapping

from workstation.reading.protocols.candidates import (
    TESTS,
    Candidate,
    Place,
    hinted_plane,
    is_of_side,
    shows_view,
    texts_of,
)
from workstation.reading.protocols.facts import StudyFacts
from workstation.reading.protocols.model import Preference, Selector
from workstation.reading.protocols.words import said

_LATE = float("inf")


def select(selectors: Iterable[Selector], study: StudyFacts | None, taken: Collection[Place] = ()) -> Candidate | None:
    """Return what the first selector that finds something finds, or ``None``.

    An image whose view or side is not known is not found again where another viewport has ``taken`` it.
    """
    if study is None:
        return None
    return next((one for selector in selectors if (one := _selected(selector, study, taken)) is not None), None)


def _selected(selector: Selector, study: StudyFacts, taken: Collection[Place]) -> Candidate | None:
    fitting: list[tuple[tuple[float, ...], Candidate]] = []
    for number, candidate in enumerate(_candidates(selector, study)):
        answers = [test(selector, candidate) for test in TESTS]
        unknown = float(sum(answer is None for answer in answers))
        is_taken = candidate.place in taken and None in (
            shows_view(selector, candidate),
            is_of_side(selector, candidate),
        )
        if False not in answers and not is_taken:
            fitting.append(((*_order(selector, candidate), unknown, float(number)), candidate))
    fitting.sort(key=lambda found: found[0])
    place = selector.place if selector.place >= 0 else len(fitting) + selector.place
    return fitting[place][1] if 0 <= place < len(fitting) else None


def _candidates(selector: Selector, study: StudyFacts) -> Iterable[Candidate]:
    is_of_images = bool(selector.views or selector.laterality)
    for series in study.series:
        if not series.volumes and not selector.is_told_by_headers_alone:
            yield Candidate(series, None)
        for volume in series.volumes:
            if is_of_images and not volume.plane:
                yield from (Candidate(series, volume, k) for k in range(len(volume.acquisitions)))
            else:
                yield Candidate(series, volume)


def _order(selector: Selector, candidate: Candidate) -> tuple[float, ...]:
    """Return what sorts a candidate among those that fit: the lower, the better."""
    hinted = 0.0 if not selector.plane or candidate.volume or hinted_plane(candidate) == selector.plane else 1.0
    return (
        _rank(selector.preferred_words, texts_of(candidate)),
        _rank(selector.preferred_kernels, candidate.acquisition.kernel),
        hinted,
        *(_PREFERENCES[one](candidate) for one in selector.prefer),
    )


def _rank(words: tuple[str, ...], text: str) -> float:
    return float(next((place for place, word in enumerate(words) if said((word,), text)), len(words)))


def _least(value: float | None) -> float:
    return _LATE if value is None else value


def _most(value: float | None) -> float:
    return _LATE if value is None else -value


_PREFERENCES: Mapping[Preference, Callable[[Candidate], float]] = {
    Preference.THINNEST: lambda one: _least(one.acquisition.thickness_mm),
    Preference.THICKEST: lambda one: _most(one.acquisition.thickness_mm),
    Preference.MOST_IMAGES: lambda one: _most(one.images),
    Preference.FEWEST_IMAGES: lambda one: _least(one.images),
    Preference.HIGHEST_B_VALUE: lambda one: _most(one.acquisition.b_value),
    Preference.LOWEST_B_VALUE: lambda one: _least(one.acquisition.b_value),
    Preference.FIRST: lambda one: _least(one.summary.number),
    Preference.LAST: lambda one: _most(one.summary.number),
}
