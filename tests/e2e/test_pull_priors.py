"""``requis pull REQUEST`` brings the priors that no request names, and names the hubs that could not be asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.answered import prepared_reader
from tests.support.hub_clients import client_of
from tests.support.two_hubs import CURRENT, NAMED, OLD, PATIENT, SOUTH, two_hubs
from tests.workstation.hub.test_ups import REQUEST
from workstation.domain.identifiers import HubName, RequestId, new_uid
from workstation.domain.study import StudyReference

pytestmark = pytest.mark.e2e
HUB = HubName("hub")


def test_priors_on_another_hub_come_with_a_request_and_a_silent_hub_is_named(tmp_path: Path) -> None:
    asked = replace(
        REQUEST, id=RequestId(new_uid()), hub=HUB, patient=PATIENT, first_reports=(),
        studies=(StudyReference(CURRENT, HUB),), priors=(StudyReference(NAMED, HUB),),
    )  # fmt: skip
    with two_hubs(tmp_path) as (north, south):
        reader = prepared_reader(tmp_path / "reader", north.url)
        reader.json("hub", "add", SOUTH, south.url)
        with client_of(north.url) as client:
            client.place(asked)
        pulled = reader.json("pull", asked.id)
        assert (pulled["study"], [one["study"] for one in pulled["others"]]) == (CURRENT, [NAMED, OLD])
        assert pulled["unreachable"] == []
        south.kill()
        again = reader.json("pull", asked.id)
        assert [one["hub"] for one in again["unreachable"]] == [SOUTH]
