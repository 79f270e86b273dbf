"""Sentences about a request and what came of it."""

from workstation.domain.request import Request
from workstation.domain.study import StudySummary
from workstation.reading.errors import SomeoneElsesReport
from workstation.reading.preview import RequestPreview
from workstation.reading.priors import FoundPriors
from workstation.retrieval.findings_words import time_words
from workstation.retrieval.result import CountSource, PullResult, SeriesResult
from workstation.shell.formats import dicom_date
from workstation.translations import Translator


def request_message(request: Request, words: Translator) -> str:
    """Return how to reach the requester, for a question that cannot wait for a report."""
    requester = request.requester
    contact = " · ".join(part for part in (requester.telephone, requester.email) if part)
    return words.text("shell.queue.ask", name=requester.name, organisation=requester.organisation, contact=contact)


def preview_text(preview: RequestPreview, words: Translator, found: FoundPriors | None = None) -> str:
    """Return the studies and priors of a request, one a line, and the hubs that could not be asked.

    Until the priors are ``found``, those that the request names are given.
    """
    lines = [_study_line(study, words) for study in preview.studies]
    if found is None:
        lines += [words.text("shell.details.prior", study=_study_line(study, words)) for study in preview.priors]
    else:
        lines += _prior_lines(found, words)
    if preview.readable_s is not None:
        lines.append(words.text("shell.details.readable", time=time_words(preview.readable_s, words)))
    if preview.unreachable:
        lines.append(words.text("shell.details.unreachable", hubs=", ".join(preview.unreachable)))
    return "\n".join(lines)


def first_report_text(preview: RequestPreview, words: Translator) -> str:
    """Return the text of the first report; where what came is of someone else, that instead or before it."""
    sentence = words.error(SomeoneElsesReport("sent by a hub")) if preview.has_strangers else ""
    return "\n\n".join(text for text in (sentence, preview.first_report) if text)


def silent_words(found: FoundPriors, words: Translator) -> str:
    """Return which hubs could not be searched for priors."""
    return words.text("report.checks.priors_unreachable", hubs=", ".join(found.silent_names))


def _prior_lines(found: FoundPriors, words: Translator) -> list[str]:
    """Return how many priors there are, each with where it is, and what the search left out or could not ask."""
    lines = [words.text("shell.details.priors_found", count=len(found.priors))]
    for prior in found.priors:
        place = prior.hub or words.text("shell.details.held_only")
        lines.append(words.text("shell.details.prior", study=f"{_study_line(prior, words)} · {place}"))
    if found.left_out:
        lines.append(words.text("shell.details.left_out", count=found.left_out))
    if not found.is_searched:
        lines.append(words.text("shell.details.no_identifier"))
    if found.silent:
        lines.append(silent_words(found, words))
        lines += [words.error(one.error) for one in found.silent]
    return lines


def _study_line(study: StudySummary, words: Translator) -> str:
    date = dicom_date(study.date, words.language)
    parts = (
        date,
        "/".join(study.modalities),
        study.description,
        words.text("shell.details.images", count=study.instances or 0),
    )
    return " · ".join(part for part in parts if part)


def _disputed_words(series: SeriesResult, words: Translator) -> str:
    """Return which sources state which numbers of a series, or that its hub lists fewer than before."""
    earlier, expected = series.stated.get(CountSource.EARLIER, 0), series.expected or 0
    if earlier > expected:
        return words.text("case.lowered", modality=series.modality, count=expected, earlier=earlier)
    stated = ", ".join(words.text(f"case.source.{source}", count=count) for source, count in series.stated.items())
    return words.text("case.disputed", modality=series.modality, stated=stated)


def doubtful_words(result: PullResult, words: Translator) -> tuple[str, ...]:
    """Return what puts the numbers of a study in doubt: who gave it in place of its hub, and where sources disagree."""
    stood_in = [words.text("case.stood_in", mirrors=", ".join(result.stand_ins))] if result.stand_ins else []
    return (*stood_in, *(_disputed_words(one, words) for one in result.series if one.is_disputed))
