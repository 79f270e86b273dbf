"""Sentences about a request and what came of it."""

from workstation.domain.request import Request
from workstation.domain.study import StudySummary
from workstation.reading.errors import SomeoneElsesReport
from workstation.reading.preview import RequestPreview
from workstation.reading.priors import FoundPriors
from workstation.retrieval.findings_words import time_words
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
