"""A profile as a reader would have it: a vault, a hub, claimed requests; made in a child, for the kills to come."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from tests.crash.work import HUB, PASSPHRASE, READER, keep_keyring, keyring_at, study_of
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import RequestId, new_uid
from workstation.domain.patient import Patient, PersonName
from workstation.domain.request import Carrier, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import StudyReference

_END = "-----END CERTIFICATE-----\n"


def main(home: str, secrets: str, url: str, requests: int) -> None:
    """Make the profile and claim so many requests at the hub."""
    sys.stdout = sys.stderr
    keyring = keyring_at(Path(secrets))
    with open_core(Profile(Path(home)), keyring, passphrase=PASSPHRASE) as core:
        keep_keyring(keyring, Path(secrets))
        core.store.settings.set_reader(READER)
        # One authority instead of all of them: every life reads this file, and no hub here uses it.
        authority = Path(secrets).with_name("authority.pem")
        authority.write_text(Path(DEFAULT_CA_BUNDLE_PATH).read_text(encoding="utf-8").partition(_END)[0] + _END)
        core.store.settings.add_hub(HubSettings(HUB, url, ca_file=str(authority)))
        for number in range(requests):
            request = _request(number)
            core.hubs.client(HUB).place(request)
            core.worklist.claim(request)


def _request(number: int) -> Request:
    now = datetime.now(UTC)
    return Request(
        id=RequestId(new_uid()), hub=HUB, carrier=Carrier.WORK_ITEM, severity=Severity.GRAVE, urgency=Urgency.HIGH,
        deadline=now, arrival=now, state=RequestState.SCHEDULED, question="A nodule?", clinical="Cough",
        requester=Requester("TEST^REQUESTER", "CHU", "+33 1"),
        patient=Patient("TEST-1", PersonName("TEST", "DELTA"), birth_date="19600101"),
        studies=(StudyReference(study_of(number), HUB),),
    )  # fmt: skip
