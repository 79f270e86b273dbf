"""Filters of the queue: they hide rows and never change their order."""

from dataclasses import dataclass

from workstation.domain.reader import Reader
from workstation.domain.request import Request, RequestState


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the reader wants to see; empty fields let everything through."""

    text: str = ""
    modality: str = ""
    specialty: str = ""
    hub: str = ""
    mine: bool = False
    unclaimed: bool = False

    def apply(self, requests: tuple[Request, ...], reader: Reader | None) -> tuple[Request, ...]:
        """Return the requests that pass, in their order."""
        return tuple(request for request in requests if self._passes(request, reader))

    def _passes(self, request: Request, reader: Reader | None) -> bool:
        return (
            (not self.modality or request.modality == self.modality)
            and (not self.specialty or request.specialty == self.specialty)
            and (not self.hub or request.hub == self.hub)
            and (not self.unclaimed or request.state is RequestState.SCHEDULED)
            and (not self.mine or _is_held_by(request, reader))
            and self.text.casefold() in _searchable(request)
        )


def _is_held_by(request: Request, reader: Reader | None) -> bool:
    holder = request.holder
    return holder is not None and reader is not None and holder.identifier == reader.identifier


def _searchable(request: Request) -> str:
    patient, requester = request.patient, request.requester
    parts = (
        patient.name.display, patient.patient_id, request.question, request.clinical, request.region,
        requester.name, requester.organisation, request.accession,
    )  # fmt: skip
    return "\n".join(parts).casefold()
