"""What the outbox says of a delivery or a request, beyond what was written when it happened."""

from workstation.domain.delivery import Completion, CompletionState, Delivery, DeliveryState
from workstation.errors import WorkstationError
from workstation.hub.errors import HubUnknown
from workstation.translations import Translator


def reason_of(delivery: Delivery, words: Translator) -> str:
    """Return why a delivery stands where it stands; empty when there is nothing to explain."""
    if delivery.state in (DeliveryState.HELD, DeliveryState.CANCELLED):
        return words.text(f"outbox.decided.{delivery.state.value}")
    return delivery.reason


def reason_of_request(completion: Completion, words: Translator) -> str:
    """Return why a request stands where it stands."""
    if completion.state in (CompletionState.CANCELLED, CompletionState.AGAIN):
        return words.text(f"outbox.request_reason.{completion.state.value}")
    return completion.reason


def reason_of_failure(error: WorkstationError, words: Translator) -> str:
    """Return why an attempt failed; of a hub that left the profile, what brings what waits for it on its way."""
    if isinstance(error, HubUnknown):
        return words.text("outbox.reason.hub_left", hub=str(error.details["hub"]))
    return words.error(error)
