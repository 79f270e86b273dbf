"""What is looked at before a report may be signed. Each check has a stable id, the one ``sign --accept`` takes.

A check blocks until it is mended, or accepted where that is allowed; an accepted gap is written into the limits.
A notice does not block.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workstation.domain.contradiction import Contradiction
from workstation.domain.report import AcceptedGap, Answers, Grade
from workstation.domain.request import CLOSED_STATES, Request
from workstation.report.answers import CRITICAL_FIELDS
from workstation.report.context import ReportContext
from workstation.report.template import Template
from workstation.report.wording import says_none, words
from workstation.translations import Translator


@dataclass(frozen=True, slots=True)
class Check:
    """One finding before signing. ``jump`` is the section, or the place in the window, where it is mended."""

    id: str
    jump: str
    acceptable: bool = False
    blocking: bool = True
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def sentence_key(self) -> str:
        """The translation that tells the reader."""
        return f"report.checks.{self._name}"

    @property
    def limits_key(self) -> str:
        """The translation that enters the report when the reader accepts."""
        return f"report.limits.{self._name}"

    @property
    def _name(self) -> str:
        return self.id.split(":")[0].replace("-", "_")

    def sentence(self, translator: Translator) -> str:
        """Return the sentence for the reader; a section is named by its title where the caller puts one."""
        return translator.text(self.sentence_key, **self.params)

    def accept(self, translator: Translator) -> AcceptedGap:
        """Return the gap as it is written into the report, in the report's language."""
        return AcceptedGap(self.id, translator.text(self.limits_key, **self.params))


def missing_sections(template: Template, answers: Answers, modalities: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the required sections that are empty, in the template's order."""
    return tuple(
        section.id
        for section in template.sections
        if section.is_required(modalities) and not _is_filled(section.id, answers)
    )


def check_report(context: ReportContext, answers: Answers, template: Template, language: str) -> tuple[Check, ...]:
    """Return everything that keeps the report from being signed, in reading order, then the notices."""
    found = list(_missing(context, answers, template, language))
    for rule in _RULES:
        found.extend(rule(context, answers))
    return tuple(found)


def check_request(request: Request, *, is_held: bool) -> tuple[Check, ...]:
    """Return what of the request itself forbids the signature: it is closed, or another claim holds it."""
    if request.state in CLOSED_STATES:
        return (Check("request-closed", "request"),)
    if is_held:
        return ()
    holder = request.holder
    since = holder.since.astimezone().strftime("%H:%M") if holder and holder.since else "–"
    params = {"holder": holder.name if holder else "–", "since": since}
    return (Check("request-held-elsewhere", "request", params=params),)


def unsettled(checks: Iterable[Check], accepted: Collection[str]) -> tuple[Check, ...]:
    """Return the checks that still refuse the signature when the ids ``accepted`` are accepted."""
    return tuple(one for one in checks if one.blocking and not (one.acceptable and one.id in accepted))


def accept_gaps(checks: Iterable[Check], accepted: Collection[str], translator: Translator) -> tuple[AcceptedGap, ...]:
    """Return the gaps that the reader accepted, worded in the report's language."""
    return tuple(one.accept(translator) for one in checks if one.acceptable and one.id in accepted)


def _is_filled(section_id: str, answers: Answers) -> bool:
    if section_id == "agreement":
        return answers.agreement is not None
    return bool(answers.sections.get(section_id, "").strip())


def _missing(context: ReportContext, answers: Answers, template: Template, language: str) -> Iterable[Check]:
    for section_id in missing_sections(template, answers, context.modalities):
        title = template.section(section_id).title.text(language)
        yield Check(f"section-missing:{section_id}", section_id, params={"section": title})
    for one in template.fields:
        if one.required and answers.fields.get(one.id) in (None, ""):
            label = one.label.text(language)
            yield Check(f"field-missing:{one.id}", one.section, params={"field": label})


def _identity(context: ReportContext, answers: Answers) -> Iterable[Check]:
    del answers
    if not context.reader.is_complete:
        yield Check("observer-incomplete", "reader")
    stated = context.request.patient if context.request is not None else context.patient
    # Images without the identifier that the request states prove nothing.
    if stated.is_named_otherwise(context.patient) or not stated.is_identified_in(context.patient):
        # What a person admitted is no other patient; the report would carry the former identity all the same.
        if Contradiction.between(context.patient, stated).is_part_of(context.admitted):
            yield Check("identity-corrected", "request")
        else:
            yield Check("identity-mismatch", "request")
    if context.demonstration:
        yield Check("demonstration-identity", "reader", blocking=False)


def _answer(context: ReportContext, answers: Answers) -> Iterable[Check]:
    del context
    question = words(answers.sections.get("question", ""))
    conclusion = words(answers.sections.get("conclusion", ""))
    if question and conclusion and conclusion <= question:
        yield Check("question-unanswered", "conclusion", acceptable=True)


def _agreement(context: ReportContext, answers: Answers) -> Iterable[Check]:
    del context
    agreement = answers.agreement
    if agreement is None or agreement.grade not in (Grade.A2, Grade.A3):
        return
    if not agreement.reason.strip() or not agreement.impact.strip():
        yield Check("agreement-unexplained", "agreement", params={"grade": agreement.grade.value})


def _critical(context: ReportContext, answers: Answers) -> Iterable[Check]:
    del context
    if answers.critical is None:
        return
    critical = answers.critical
    empty = [key for key in CRITICAL_FIELDS if not str(getattr(critical, key)).strip()]
    if empty:
        params = {"category": critical.category, "count": len(empty)}
        yield Check("critical-incomplete", "critical", acceptable="finding" not in empty, params=params)


def _priors(context: ReportContext, answers: Answers) -> Iterable[Check]:
    if context.priors and says_none(answers.sections.get("comparison", "")):
        yield Check("priors-not-compared", "comparison", acceptable=True, params={"count": len(context.priors)})
    strangers = sum(prior.patient.contradicts(context.patient) for prior in context.priors)
    if strangers:
        yield Check("priors-contradict", "comparison", acceptable=True, params={"count": strangers})
    if context.identities_confirmed:
        params = {"count": len(context.identities_confirmed)}
        yield Check("identity-confirmed", "comparison", acceptable=True, params=params)
    if context.unreachable_hubs:
        hubs = ", ".join(context.unreachable_hubs)
        yield Check("priors-unreachable", "comparison", acceptable=True, params={"hubs": hubs})
    if context.first_reports and not context.first_report_read:
        yield Check(
            "first-report-unread", "first_report", acceptable=True, params={"count": len(context.first_reports)}
        )


def _receipt(context: ReportContext, answers: Answers) -> Iterable[Check]:
    del answers
    if context.missing:
        stated = sum(context.expected.values())
        params = {"missing": context.missing, "expected": stated}
        yield Check("missing-images", "protocol", acceptable=True, params=params)
    if context.uncompared:
        yield Check("images-uncompared", "protocol", acceptable=True, params={"count": context.uncompared})
    if context.conflicting:
        yield Check("images-conflicting", "protocol", acceptable=True, params={"count": context.conflicting})
    if context.refused:
        yield Check("images-refused", "protocol", acceptable=True, params={"count": context.refused})
    if context.slices_missing:
        yield Check("slices-missing", "protocol", acceptable=True, params={"count": context.slices_missing})


def _images(context: ReportContext, answers: Answers) -> Iterable[Check]:
    lossy = sum(one.is_lossy for one in context.current if one.is_image)
    if lossy:
        yield Check("lossy-images", "protocol", acceptable=True, params={"count": lossy})
    if any(value.on_partial for one in context.measurements for value in one.values):
        yield Check("measured-on-partial", "findings", acceptable=True)
    unscrolled = _unscrolled(context)
    if unscrolled:
        yield Check("series-not-scrolled", "protocol", blocking=False, params={"series": "; ".join(unscrolled)})
    if context.below_floor:
        displays = "; ".join(
            f"{one.modality} {one.display.width_px} × {one.display.height_px}" for one in context.below_floor
        )
        yield Check("display-not-diagnostic", "protocol", acceptable=True, params={"displays": displays})
    if any(context.header_of(image.instance) is None for image in answers.key_images):
        yield Check("key-image-unknown", "key_images")


def _unscrolled(context: ReportContext) -> list[str]:
    """Return the series of the reported study that were not looked at from end to end, with shown and all images."""
    if not context.shown:
        return []
    lines: list[str] = []
    for series in context.study.series:
        images = sum(one.frames for one in context.current if one.is_image and one.reference.series == series.uid)
        shown, known = context.shown.get(series.uid, (0, images))
        if shown < known:
            name = " ".join(part for part in (series.modality, series.description) if part)
            lines.append(f"{name} {shown}/{known}")
    return lines


def _addendum(context: ReportContext, answers: Answers) -> Iterable[Check]:
    if context.predecessors and not answers.addendum.strip():
        yield Check("addendum-missing", "addendum")


Rule = Callable[[ReportContext, Answers], Iterable[Check]]

_RULES: tuple[Rule, ...] = (_answer, _agreement, _critical, _priors, _receipt, _images, _addendum, _identity)
