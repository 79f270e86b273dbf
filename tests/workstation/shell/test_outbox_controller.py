"""What the outbox of the window calls sent."""

import pytest

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.delivery import SETTLED, Delivery, DeliveryState, ObjectRole
from workstation.domain.identifiers import DraftId, HubName
from workstation.shell.outbox_controller import is_sent

STUDY = StudyUID("2.25.1")


def delivery(state: DeliveryState, study: StudyUID = STUDY) -> Delivery:
    return Delivery(
        1, DraftId("d"), None, HubName("hub"), ObjectRole.REPORT, study, SeriesUID("2.25.2"), InstanceUID("2.25.3"),
        "1.2.840.10008.5.1.4.1.1.88.33", "00", demonstration=True, state=state, reason="", attempts=1,
    )  # fmt: skip


@pytest.mark.parametrize("state", [state for state in DeliveryState if state not in SETTLED])
def test_a_report_of_which_one_object_waits_is_not_sent_and_not_yet_verified(state: DeliveryState) -> None:
    assert not is_sent(STUDY, [delivery(DeliveryState.SENT), delivery(state)])


def test_only_the_objects_of_the_study_count() -> None:
    other = StudyUID("2.25.9")
    assert is_sent(STUDY, [delivery(DeliveryState.SENT), delivery(DeliveryState.PENDING, other)])
    assert not is_sent(other, [delivery(DeliveryState.SENT)])


def test_what_was_cancelled_does_not_count() -> None:
    assert is_sent(STUDY, [delivery(DeliveryState.CANCELLED), delivery(DeliveryState.SENT)])
    assert not is_sent(STUDY, [delivery(DeliveryState.CANCELLED)])
