"""Which protocols fit a case, how well, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workstation.reading.protocols.facts import CaseFacts, StudyFacts
from workstation.reading.protocols.model import Protocol, Rule, RuleKind
from workstation.reading.protocols.regions import regions
from workstation.reading.protocols.words import said


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule is met: its words are the translation ``protocol.reason.<kind>``, with ``what`` was found."""

    kind: RuleKind
    what: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A protocol that fits, its score and the reasons for it."""

    protocol: Protocol
    score: float
    reasons: tuple[Reason, ...]


def ranked(protocols: Iterable[Protocol], case: CaseFacts) -> tuple[Ranked, ...]:
    """Return the protocols that fit, best first; among equals the order given decides."""
    found = [one for protocol in protocols if (one := _ranked(protocol, case)) is not None]
    return tuple(sorted(found, key=lambda one: -one.score))


def _ranked(protocol: Protocol, case: CaseFacts) -> Ranked | None:
    current = case.current
    if current is None:
        return None
    score, reasons = 0.0, []
    for rule in protocol.rules:
        what = _met(rule, current, case)
        if what is not None:
            score += rule.weight
            if rule.weight > 0:
                reasons.append(Reason(rule.kind, what))
        elif rule.is_required:
            return None
    return Ranked(protocol, score, tuple(reasons))


def _met(rule: Rule, study: StudyFacts, case: CaseFacts) -> str | None:
    """Return what in the case meets a rule, or ``None``."""
    match rule.kind:
        case RuleKind.MODALITY:
            there = (*study.summary.modalities, *(one.summary.modality for one in study.series))
            return next((one for one in rule.wanted if one in there), None)
        case RuleKind.REGION:
            found = (regions()[name].found_in(study) for name in rule.wanted)
            return next((what for what in found if what is not None), None)
        case RuleKind.WORDS:
            return said(rule.wanted, study.summary.description)
        case RuleKind.SERIES:
            return _first_said(rule.wanted, [one.summary.description for one in study.series])
        case RuleKind.LATERALITY:
            sides = {one.summary.laterality for one in study.series}
            return next((one for one in rule.wanted if one in sides), None)
        case RuleKind.PRIORS:
            return str(len(case.priors)) if len(case.priors) >= rule.count else None


def _first_said(words: Sequence[str], texts: Sequence[str]) -> str | None:
    return next((word for text in texts if (word := said(words, text)) is not None), None)
