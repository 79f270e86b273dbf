"""What a reader may decide about a signed report in the outbox, and when.

A decision always concerns the whole report: its objects refer to one another, and half of them would mislead.
"""

from collections.abc import Sequence
from enum import StrEnum

from workstation.domain.delivery import Delivery, DeliveryState


class DeliveryAct(StrEnum):
    """Try now; keep back; let go; never send."""

    FORCE = "force"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"


WAITING = frozenset({DeliveryState.PENDING, DeliveryState.BLOCKED, DeliveryState.FAILED})
RETRIABLE = WAITING | {DeliveryState.STORED, DeliveryState.CONFLICT}
_NEVER_ARRIVED = WAITING | {DeliveryState.HELD, DeliveryState.CONFLICT}


def allowed_acts(report: Sequence[Delivery]) -> frozenset[DeliveryAct]:
    """Return what may be decided about the deliveries of one report.

    Cancelling is allowed as long as no byte of any object can have reached the hub: a conflict that was found before
    anything was offered can be cancelled, an object whose acknowledgement was lost cannot.
    """
    states = {one.state for one in report}
    allowed: set[DeliveryAct] = set()
    if states & RETRIABLE:
        allowed.add(DeliveryAct.FORCE)
    if states & WAITING:
        allowed.add(DeliveryAct.HOLD)
    if DeliveryState.HELD in states:
        allowed.add(DeliveryAct.RELEASE)
    if states and states <= _NEVER_ARRIVED and not any(one.offered for one in report):
        allowed.add(DeliveryAct.CANCEL)
    return frozenset(allowed)
