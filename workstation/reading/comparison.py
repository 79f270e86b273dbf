"""Which series a case opens with, and which series of a prior is its counterpart. Pure."""

from collections.abc import Sequence

from workstation.domain.study import SeriesSummary, StudySummary

# Modalities whose objects hold no pictures to hang.
WITHOUT_IMAGES = frozenset({"SR", "KO", "PR", "DOC", "SEG", "RTSTRUCT", "RTPLAN", "RTDOSE", "REG", "PLAN", "AU"})


def is_image(series: SeriesSummary) -> bool:
    """Whether a series holds pictures."""
    return series.modality not in WITHOUT_IMAGES


def leading_series(study: StudySummary) -> SeriesSummary | None:
    """Return the series that a study is opened with: that of images with the most of them."""
    images = [series for series in study.series if is_image(series)]
    return max(images, key=lambda series: series.instances or 0) if images else None


def counterpart(
    current: SeriesSummary | None, priors: Sequence[StudySummary]
) -> tuple[StudySummary, SeriesSummary] | None:
    """Return the series of the priors most like ``current``; the latest study wins among equals."""
    candidates = [
        (study, series)
        for study in sorted(priors, key=lambda one: (one.date, one.time), reverse=True)
        for series in study.series
        if is_image(series)
    ]
    if not candidates:
        return None
    return max(candidates, key=lambda pair: _likeness(current, pair[1]))


def beside(study: StudySummary, priors: Sequence[StudySummary], way: int) -> tuple[StudySummary, ...]:
    """Return the prior with images that is ``way`` studies older than ``study``, or newer where negative; or none."""
    pictured = (one for one in priors if any(is_image(series) for series in one.series) or one.uid == study.uid)
    ordered = sorted(pictured, key=lambda one: (one.date, one.time), reverse=True)
    place = [one.uid for one in ordered].index(study.uid) + way
    return (ordered[place],) if 0 <= place < len(ordered) else ()


def _likeness(current: SeriesSummary | None, other: SeriesSummary) -> tuple[bool, bool, float, int]:
    if current is None:
        return False, False, 0.0, other.instances or 0
    words, others = _words(current), _words(other)
    shared = len(words & others) / len(words | others) if words | others else 0.0
    return (
        other.modality == current.modality,
        bool(current.body_part) and other.body_part == current.body_part,
        shared,
        other.instances or 0,
    )


def _words(series: SeriesSummary) -> frozenset[str]:
    return frozenset(series.description.lower().replace("_", " ").split())
