"""What a person is told of a study that is not whole, or whose numbers are in doubt."""

from collections.abc import Callable, Iterator, Mapping

from workstation.retrieval.result import CountSource, PullResult, SeriesResult
from workstation.translations import Translator

Counted = Callable[[SeriesResult], int]

# Each has a sentence of its own, which says of how many images it is true. What was refused under its identifier either
# did not come, and is missing, or was set aside.
GAPS: Mapping[str, Counted] = {
    "unreadable": lambda one: sum(refused.instance is None for refused in one.refused),
    "two_contents": lambda one: len(one.quarantined),
    "uncompared": lambda one: one.uncompared,
}
EXTRAS: Mapping[str, Counted] = {
    "unlisted": lambda one: len(one.unlisted),
    "besides": lambda one: len(one.besides),
}


def gap_words(result: PullResult, words: Translator) -> tuple[str, ...]:
    """Return what keeps a study from being whole."""
    missing = sum(one.missing for one in result.series)
    expected = sum(one.expected or 0 for one in result.series)
    first = (words.text("case.incomplete", missing=missing, expected=expected),) if missing else ()
    withheld = (
        words.text(
            "case.withheld" if one.stated else "case.withheld_uncounted",
            modality=one.modality,
            count=one.missing,
            why=one.withheld,
        )
        for one in result.series
        if one.withheld and one.missing
    )
    return (*result.shortfalls, *withheld, *first, *_told(GAPS, result, words))


def doubtful_words(result: PullResult, words: Translator) -> tuple[str, ...]:
    """Return who stood in for the hub, what lies besides its lists, where it gives none, and where sources disagree."""
    stood_in = (words.text("case.stood_in", mirrors=", ".join(result.stand_ins)),) if result.stand_ins else ()
    disputed = (_disputed_words(one, words) for one in result.series if one.is_disputed)
    listless = (
        words.text("case.list_withheld", modality=one.modality, count=one.received, why=one.withheld)
        for one in result.series
        if one.withheld and not one.missing
    )
    return (*stood_in, *listless, *_told(EXTRAS, result, words), *disputed)


def warning_words(result: PullResult, words: Translator) -> tuple[str, ...]:
    """Return what a reader is not to miss: the gaps, and where a hub lists fewer than it did."""
    lowered = (_disputed_words(one, words) for one in result.series if _is_lowered(one))
    found = (*gap_words(result, words), *lowered)
    return found if found or result.is_complete else doubtful_words(result, words)


def _told(table: Mapping[str, Counted], result: PullResult, words: Translator) -> Iterator[str]:
    for key, counted in table.items():
        count = sum(counted(one) for one in result.series)
        if count:
            yield words.text(f"case.ledger.{key}", count=count)


def _is_lowered(series: SeriesResult) -> bool:
    return series.stated.get(CountSource.EARLIER, 0) > (series.expected or 0)


def _disputed_words(series: SeriesResult, words: Translator) -> str:
    """Return which sources state which numbers of a series, or that its hub lists fewer than before."""
    if _is_lowered(series):
        earlier = series.stated[CountSource.EARLIER]
        return words.text("case.lowered", modality=series.modality, count=series.expected or 0, earlier=earlier)
    stated = ", ".join(words.text(f"case.source.{source}", count=count) for source, count in series.stated.items())
    return words.text("case.disputed", modality=series.modality, stated=stated)
