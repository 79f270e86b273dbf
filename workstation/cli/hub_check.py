"""The findings of ``requis hub check`` as a document for scripts and as lines for people."""

from workstation.domain.hub_findings import BYTES_OF_A_CT_IMAGE, IMAGES_OF_A_CT, HubFindings, Service
from workstation.domain.link import megabits_per_s
from workstation.domain.request import Carrier
from workstation.retrieval.findings_words import strategy_sentence, time_words
from workstation.translations import Translator


def document(found: HubFindings, words: Translator) -> dict[str, object]:
    """Return the document."""
    carrier = _carrier(found)
    return {
        "requests": carrier.value,
        "atomic_claims": carrier is Carrier.WORK_ITEM,
        "services": {one.value: None if one in found.undecided else found.offers(one) for one in Service},
        "server": found.server,
        "latency_ms": found.latency_ms,
        "first_byte_ms": found.first_byte_ms,
        "image_ms": found.instance_ms,
        "stream_image_ms": found.stream_image_ms,
        "single_image_ms": found.single_image_ms,
        "bytes_per_s": found.bytes_per_s,
        "probed_bytes": found.probed_bytes,
        "transfer_syntaxes": {
            trial.transfer_syntax: {"given": trial.is_given, "ratio": trial.ratio, "ms": trial.duration_ms}
            for trial in found.syntaxes
        },
        "page_cap": found.page_cap,
        "ignores_offset": found.ignores_offset,
        "compares_in_short": found.compares_in_short,
        "strategy": {
            "way": found.strategy.way.value,
            "parallel": found.strategy.parallel,
            "ahead": found.strategy.ahead,
            "transfer_syntax": found.asking.transfer_syntax,
            "dialect": found.asking.dialect,
            "why": strategy_sentence(found, words),
        },
        "found": found.found.isoformat(),
        "link": found.link,
        "verdict": verdict(found, words),
    }


def lines(found: HubFindings, words: Translator) -> list[str]:
    """Return what a person reads."""
    offered = ", ".join(words.text(f"cli.hub.service.{one}") for one in Service if found.offers(one))
    given = ", ".join(trial.transfer_syntax for trial in found.syntaxes if trial.is_given)
    speed = words.text("cli.hub.check.speed", first_ms=round(found.first_byte_ms), rate=rate(found))
    told = [
        words.text("cli.hub.check.services", services=offered or "–"),
        words.text("cli.hub.check.latency", latency_ms=round(found.latency_ms)),
        speed if found.bytes_per_s else words.text("cli.hub.check.no_speed"),
        words.text("cli.hub.check.syntaxes", syntaxes=given or "–"),
        listing(found, words),
        words.text("cli.hub.check.in_short") if found.compares_in_short else "",
        strategy_sentence(found, words),
        verdict(found, words),
    ]
    return [line for line in told if line]


def rate(found: HubFindings) -> str:
    """Return the speed in megabits per second."""
    return f"{megabits_per_s(found.bytes_per_s):.0f}"


def listing(found: HubFindings, words: Translator) -> str:
    """Return what is wrong with the lists of the hub, nothing where they are whole."""
    if found.page_cap is not None and found.ignores_offset:
        return words.text("cli.hub.check.cut", count=found.page_cap)
    if found.ignores_offset:
        return words.text("cli.hub.check.no_paging")
    return words.text("cli.hub.check.cap", count=found.page_cap) if found.page_cap is not None else ""


def verdict(found: HubFindings, words: Translator) -> str:
    """Return what to expect: how requests are carried, whether reports can be delivered, how long a CT takes."""
    told = [words.text(f"cli.hub.verdict.{_carrier(found).value}")]
    if Service.STOW in found.undecided:
        told.append(words.text("cli.hub.verdict.delivery_undecided"))
    elif not found.offers(Service.STOW):
        told.append(words.text("cli.hub.verdict.no_delivery"))
    seconds = found.seconds_for(IMAGES_OF_A_CT * BYTES_OF_A_CT_IMAGE)
    if seconds is not None:
        told.append(words.text("cli.hub.ct", images=IMAGES_OF_A_CT, time=time_words(seconds, words)))
    return " ".join(told)


def mirror_line(name: str, words: Translator, *, answers: bool, writes: bool) -> str:
    """Return how a mirror is, and whether reports are stored there while the hub is silent."""
    state = words.text("cli.hub.mirror.answers" if answers else "cli.hub.mirror.silent")
    use = words.text("cli.hub.mirror.writes" if writes else "cli.hub.mirror.reads")
    return words.text("cli.hub.mirror.line", name=name, state=state, use=use)


def _carrier(found: HubFindings) -> Carrier:
    return Carrier.WORK_ITEM if found.offers(Service.UPS) else Carrier.REQUEST_SR
