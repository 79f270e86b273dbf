"""What a hub really has: listed, given back, compared. Only this decides whether an object is sent."""

from enum import Enum, auto

from viewers.identifiers import InstanceUID
from workstation.domain.delivery import Delivery
from workstation.domain.study import InstanceReference
from workstation.hub.errors import NotOnHub
from workstation.hub.protocol import HubClient
from workstation.outbox.comparison import is_same_object


class Found(Enum):
    """What a hub has under the identifier of a delivery."""

    NOTHING = auto()
    LISTED_ONLY = auto()
    SAME = auto()
    OTHER = auto()


def listed(client: HubClient, delivery: Delivery) -> frozenset[InstanceUID]:
    """Return what the hub lists in the series of a delivery; nothing where it knows no such study or series."""
    try:
        references = client.search_instances(delivery.study, delivery.series)
    except NotOnHub:
        return frozenset()
    return frozenset(reference.instance for reference in references)


def read_back(client: HubClient, delivery: Delivery, ours: bytes, names: frozenset[InstanceUID]) -> Found:
    """Return what the hub gives under an identifier that stands in its list ``names``, against our bytes."""
    if delivery.instance not in names:
        return Found.NOTHING
    reference = InstanceReference(delivery.study, delivery.series, delivery.instance, delivery.sop_class)
    try:
        theirs = client.retrieve_instance(reference)
    except NotOnHub:
        return Found.LISTED_ONLY
    return Found.SAME if is_same_object(ours, theirs) else Found.OTHER


def look(client: HubClient, delivery: Delivery, ours: bytes) -> Found:
    """Ask the hub for its list and for the object."""
    return read_back(client, delivery, ours, listed(client, delivery))
