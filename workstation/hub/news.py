"""What a hub tells by itself, as the rest of the workstation hears it."""

from dataclasses import dataclass
from typing import TypeAlias

from workstation.domain.identifiers import HubName
from workstation.domain.request import CancelRequest


@dataclass(frozen=True, slots=True)
class Listening:
    """The channel is open; what happened before is not told, so that everything is to be asked once."""

    hub: HubName


@dataclass(frozen=True, slots=True)
class Changed:
    """Something about one work item is not what it was."""

    hub: HubName
    work_item: str


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """Somebody wishes that a work item in progress be cancelled."""

    hub: HubName
    work_item: str
    wish: CancelRequest


@dataclass(frozen=True, slots=True)
class Deaf:
    """The channel is lost, or there is none: the hub is to be asked from time to time."""

    hub: HubName


HubNews: TypeAlias = Listening | Changed | CancelAsked | Deaf
