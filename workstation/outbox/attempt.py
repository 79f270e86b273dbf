"""One attempt to bring one object to its hub: look, offer, look again. The hub's own word counts for nothing alone."""

from collections.abc import Callable
from dataclasses import dataclass

from workstation.domain.delivery import Delivery, DeliveryState, StepName
from workstation.hub.protocol import HubClient, StoreOutcome
from workstation.outbox.looking import Found, look
from workstation.translations import Translator

# Failure reasons that the same bytes will meet for ever. Source: PS3.18 Annex I.2.
_NEVER_TAKEN = (range(0xA900, 0xAA00), range(0xC000, 0xD000), range(0x0122, 0x0123))
_DUPLICATE = 0x0111


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended: where the delivery stands now, by which step, and why in plain words."""

    state: DeliveryState
    step: StepName
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. ``may_offer`` is asked before the first byte leaves; ``stored`` hears what the hub calls stored."""

    client: HubClient
    delivery: Delivery
    ours: bytes
    words: Translator
    may_offer: Callable[[], bool]
    stored: Callable[[], None]

    def run(self) -> Ending | None:
        """Carry it out; ``None`` when the reader has decided otherwise meanwhile.

        Raises
        ------
        HubError
            The hub did not answer, refused, or answered outside the standard.
        """
        if self.delivery.demonstration and not self.client.settings.is_loopback:
            return self._ending(DeliveryState.FAILED, StepName.DEMONSTRATION_REFUSED, "demonstration")
        found = look(self.client, self.delivery, self.ours)
        if found is Found.NOTHING:
            if not self.may_offer():
                return None
            refusal = self._refusal(self.client.store([self.ours]))
            if refusal is not None:
                return refusal
            self.stored()
            found = look(self.client, self.delivery, self.ours)
        return self._judge(found)

    def _refusal(self, outcome: StoreOutcome) -> Ending | None:
        """Return what the answer says against the object; the absence of a word for it counts as a word against it."""
        code = next((one.reason for one in outcome.failed if one.instance == self.delivery.instance), None)
        if code == _DUPLICATE:
            return self._duplicate()
        if code is not None:
            is_final = any(code in one for one in _NEVER_TAKEN)
            state = DeliveryState.FAILED if is_final else DeliveryState.PENDING
            reason = self.words.text("outbox.reason.not_taken", code=f"{code:04X}")
            return Ending(state, StepName.NOT_TAKEN, reason)
        if self.delivery.instance not in outcome.stored:
            return self._ending(DeliveryState.PENDING, StepName.NOT_CONFIRMED, "not_confirmed")
        return None

    def _duplicate(self) -> Ending | None:
        """Judge an identifier that the hub knows: here, where it is read back, or elsewhere, where it is not ours."""
        found = look(self.client, self.delivery, self.ours)
        return self._judge(Found.OTHER if found is Found.NOTHING else found)

    def _judge(self, found: Found) -> Ending:
        if found is Found.SAME:
            return Ending(DeliveryState.SENT, StepName.READ_BACK)
        if found is Found.OTHER:
            return self._ending(DeliveryState.CONFLICT, StepName.OTHER_BYTES, "other_bytes")
        if found is Found.LISTED_ONLY:
            return self._ending(DeliveryState.PENDING, StepName.NOT_READABLE, "not_readable")
        return self._ending(DeliveryState.PENDING, StepName.NOT_KEPT, "not_kept")

    def _ending(self, state: DeliveryState, step: StepName, reason: str) -> Ending:
        return Ending(state, step, self.words.text(f"outbox.reason.{reason}"))
