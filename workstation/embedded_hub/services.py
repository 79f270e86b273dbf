"""What the routes of the embedded hub share."""

from dataclasses import dataclass

from workstation.domain.clock import Clock
from workstation.embedded_hub.events import EventChannels
from workstation.embedded_hub.files import PartFiles
from workstation.embedded_hub.index import Index
from workstation.embedded_hub.limits import HubLimits
from workstation.embedded_hub.subscriptions import Subscriptions
from workstation.embedded_hub.ups_store import WorkItemStore

SERVICE_PATH = "/dicom-web"


@dataclass(frozen=True, slots=True)
class Services:
    """The collaborators of one embedded hub."""

    index: Index
    files: PartFiles
    items: WorkItemStore
    subscriptions: Subscriptions
    channels: EventChannels
    limits: HubLimits
    clock: Clock
