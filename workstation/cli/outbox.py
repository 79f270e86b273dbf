"""``requis send`` and ``requis outbox``: what is signed, where it is going, what has happened, and what may be done."""

import argparse
from functools import partial
from typing import TYPE_CHECKING

from workstation.cli.command import Invocation, Run, Subparsers, add
from workstation.domain.delivery import (
    SETTLED,
    SETTLED_COMPLETIONS,
    Completion,
    Delivery,
    DeliveryState,
)
from workstation.domain.delivery_acts import DeliveryAct, allowed_acts
from workstation.outbox.wording import reason_of, reason_of_request
from workstation.translations import Translator

if TYPE_CHECKING:
    from workstation.app.core import Core

_HELP = {
    DeliveryAct.FORCE: "try a report now, also one that failed; what is in conflict is only read back again",
    DeliveryAct.HOLD: "keep a report back until it is released",
    DeliveryAct.RELEASE: "let a report go that was held",
    DeliveryAct.CANCEL: "never send a report, as long as the hub can have nothing of it",
}


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    add(subparsers, "send", "deliver the outbox now", _send)
    outbox = add(subparsers, "outbox", "what is signed and where it stands", _outbox)
    acts = outbox.add_subparsers(metavar="ACT")
    for act in DeliveryAct:
        _add_act(acts, act, partial(_decide, act))


def _add_act(acts: Subparsers, act: DeliveryAct, run: Run) -> None:
    # Options of the outer command keep their values where the inner one is not given them again.
    parser = acts.add_parser(act.value, help=_HELP[act], description=_HELP[act], argument_default=argparse.SUPPRESS)
    parser.add_argument("object", metavar="OBJECT", help="SOP Instance UID of one object of the report, or its draft")
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")
    parser.set_defaults(run=run)


def _send(call: Invocation) -> int:
    with call.core() as core:
        core.reverification.look_again()
        core.courier.deliver(force=True)
        core.completer.complete(force=True)
        return _show(call, core)


def _outbox(call: Invocation) -> int:
    with call.core() as core:
        _show(call, core)
    return 0


def _decide(act: DeliveryAct, call: Invocation) -> int:
    with call.core() as core:
        decided = core.store.decisions.decide(act, call.arguments.object)
        if act is DeliveryAct.FORCE:
            core.reverification.look_again()
            core.courier.deliver()
            core.completer.complete()
        ids = {one.id for one in decided.deliveries}
        report = tuple(one for one in core.store.outbox.deliveries() if one.id in ids)
        draft = decided.draft.id if decided.draft else None
        document = {"act": act.value, "deliveries": _deliveries(report, core.words), "draft": draft}
        call.output.show(document, [_line(one) for one in report])
        call.output.say(core.words.text(f"outbox.done.{act.value}"))
        if draft is not None:
            call.output.say(core.words.text("outbox.draft_again", draft=draft))
        _say_reasons(call, report, core.words)
    # Forcing is done once everything that may be tried has arrived; the other acts are done at once.
    undelivered = any(one.state not in SETTLED and one.state is not DeliveryState.HELD for one in report)
    return 1 if act is DeliveryAct.FORCE and undelivered else 0


def _show(call: Invocation, core: "Core") -> int:
    deliveries, completions = core.store.outbox.deliveries(), core.store.completions.completions()
    document = {
        "deliveries": _deliveries(deliveries, core.words),
        "requests": [_completion(one, core.words) for one in completions],
    }
    untold = [one for one in completions if one.state not in SETTLED_COMPLETIONS]
    call.output.show(document, [*map(_line, deliveries), *map(_line_of_request, untold)])
    _say_reasons(call, deliveries, core.words)
    for reason in dict.fromkeys(reason_of_request(one, core.words) for one in untold):
        if reason:
            call.output.say(reason)
    undelivered = any(one.state not in SETTLED for one in deliveries)
    return 1 if undelivered or untold else 0


def _say_reasons(call: Invocation, deliveries: tuple[Delivery, ...], words: Translator) -> None:
    for reason in dict.fromkeys(reason_of(one, words) for one in deliveries if one.state not in SETTLED):
        if reason:
            call.output.say(reason)


def _line(one: Delivery) -> str:
    return f"{one.instance}  {one.role.value}  {one.hub}  {one.state.value}"


def _line_of_request(one: Completion) -> str:
    return f"{one.request}  request  {one.hub}  {one.state.value}"


def _deliveries(deliveries: tuple[Delivery, ...], words: Translator) -> list[dict[str, object]]:
    reports = {one.draft: tuple(other for other in deliveries if other.draft == one.draft) for one in deliveries}
    acts = {draft: sorted(act.value for act in allowed_acts(report)) for draft, report in reports.items()}
    return [{**_delivery(one, words), "acts": acts[one.draft]} for one in deliveries]


def _delivery(one: Delivery, words: Translator) -> dict[str, object]:
    return {
        "object": one.instance,
        "role": one.role.value,
        "sop_class_uid": one.sop_class,
        "study": one.study,
        "draft": one.draft,
        "request": one.request,
        "hub": one.hub,
        "state": one.state.value,
        "reason": reason_of(one, words),
        "attempts": one.attempts,
        "tried": one.tried_at.isoformat() if one.tried_at else None,
        "sha256": one.sha256,
        "checked": one.checked_at.isoformat() if one.checked_at else None,
        "steps": [{"at": step.at.isoformat(), "step": step.step, "detail": step.detail} for step in one.steps],
    }


def _completion(one: Completion, words: Translator) -> dict[str, object]:
    return {
        "request": one.request,
        "draft": one.draft,
        "state": one.state.value,
        "reason": reason_of_request(one, words),
    }
