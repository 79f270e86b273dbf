"""What the window needs to read a case and finish its report."""

from dataclasses import dataclass

from workstation.decoding.pool import DecoderPool
from workstation.domain.clock import Clock
from workstation.reading.drafting import Drafting
from workstation.reading.finishing import Finishing
from workstation.reading.first_reports import FirstReports
from workstation.reading.identity_record import IdentityRecord
from workstation.reading.images import Images
from workstation.reading.objects import Objects
from workstation.reading.opening import Opening
from workstation.reading.priors import PriorSearch
from workstation.reading.protocols.outlines import Outlines
from workstation.store.settings import SettingsStore


@dataclass(frozen=True, slots=True)
class CaseServices:
    """The services of one open profile that a case uses; their methods block."""

    opening: Opening
    priors: PriorSearch
    drafting: Drafting
    images: Images
    first_reports: FirstReports
    objects: Objects
    outlines: Outlines
    identities: IdentityRecord
    finishing: Finishing
    decoder: DecoderPool
    settings: SettingsStore
    clock: Clock
