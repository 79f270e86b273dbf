"""What was found of a hub, in sentences."""

from workstation.domain.hub_findings import AS_STORED, HubFindings
from workstation.translations import Translator

_MINUTE_S = 60.0


def strategy_sentence(found: HubFindings, words: Translator) -> str:
    """Return how the hub will be asked for images, and why."""
    why = words.text(f"hub_findings.why.{found.why.value}")
    if found.asking.transfer_syntax == AS_STORED:
        return f"{why} {words.text('hub_findings.as_stored')}"
    compressed = words.text("hub_findings.compressed", syntax=found.asking.transfer_syntax)
    return f"{why} {compressed}"


def time_words(seconds: float, words: Translator) -> str:
    """Return a duration, in seconds below a minute."""
    if seconds < _MINUTE_S:
        return words.text("hub_findings.seconds", count=max(1, round(seconds)))
    return words.text("hub_findings.minutes", count=round(seconds / _MINUTE_S))
