"""``requis send`` and ``requis outbox``: what is signed, where it is going, and what has happened to it."""

from typing import TYPE_CHECKING

from workstation.cli.command import Invocation, Subparsers, add
from workstation.domain.delivery import Completion, CompletionState, Delivery, DeliveryState

if TYPE_CHECKING:
    from workstation.app.core import Core


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    add(subparsers, "send", "deliver the outbox now", _send)
    add(subparsers, "outbox", "what is signed and where it stands", _outbox)


def _send(call: Invocation) -> int:
    with call.core() as core:
        core.courier.deliver(force=True)
        core.completer.complete(force=True)
        return _show(call, core)


def _outbox(call: Invocation) -> int:
    with call.core() as core:
        _show(call, core)
    return 0


def _show(call: Invocation, core: "Core") -> int:
    deliveries, completions = core.store.outbox.deliveries(), core.store.completions.completions()
    document = {
        "deliveries": [_delivery(one) for one in deliveries],
        "requests": [_completion(one) for one in completions],
    }
    call.output.show(
        document, [f"{one.instance}  {one.role.value}  {one.hub}  {one.state.value}" for one in deliveries]
    )
    for one in deliveries:
        if one.state is not DeliveryState.SENT and one.reason:
            call.output.say(one.reason)
    undelivered = any(one.state is not DeliveryState.SENT for one in deliveries)
    untold = any(one.state is not CompletionState.COMPLETED for one in completions)
    return 1 if undelivered or untold else 0


def _delivery(one: Delivery) -> dict[str, object]:
    return {
        "object": one.instance,
        "role": one.role.value,
        "sop_class_uid": one.sop_class,
        "study": one.study,
        "draft": one.draft,
        "request": one.request,
        "hub": one.hub,
        "state": one.state.value,
        "reason": one.reason,
        "attempts": one.attempts,
        "sha256": one.sha256,
        "steps": [{"at": step.at.isoformat(), "step": step.step, "detail": step.detail} for step in one.steps],
    }


def _completion(one: Completion) -> dict[str, object]:
    return {"request": one.request, "draft": one.draft, "state": one.state.value, "reason": one.reason}
