"""Work items as DICOM JSON, and requests about them, for tests of UPS-RS."""

from typing import Any

import requests

Attributes = dict[str, Any]
JSON = {"Content-Type": "application/dicom+json"}
STATE, TRANSACTION, PERFORMED, PERFORMERS = "00741000", "00081195", "00741216", "00404034"


def element(vr: str, *values: object) -> Attributes:
    """Return one element."""
    return {"vr": vr, "Value": list(values)}


def work_item(**changes: Attributes) -> Attributes:
    """Return a complete new work item; ``changes`` by tag with a leading ``t``."""
    code = {"00080100": element("SH", "110005"), "00080102": element("SH", "DCM"), "00080104": element("LO", "Read")}
    item = {
        "00100010": element("PN", {"Alphabetic": "TEST^Alpha"}),
        "00100020": element("LO", "A1"),
        "00404005": element("DT", "20261122021400+0100"),
        "00404018": element("SQ", code),
        "00404041": element("CS", "READY"),
        STATE: element("CS", "SCHEDULED"),
        "00741200": element("CS", "HIGH"),
        "00741202": element("LO", "TELEEXPERTISE-NEURO"),
        "00741204": element("LO", "Second opinion"),
    }
    return {**item, **{tag[1:]: content for tag, content in changes.items()}}


def performer(name: str) -> Attributes:
    """Return a sequence of one human performer."""
    return element("SQ", {"00404037": element("PN", {"Alphabetic": name})})


def performed() -> Attributes:
    """Return a performed procedure that meets the requirements of COMPLETED."""
    code = {"00080100": element("SH", "110005"), "00080102": element("SH", "DCM")}
    return element(
        "SQ",
        {
            "00404019": element("SQ", code),
            "00404035": performer("Dr X"),
            "00404050": element("DT", "20261122021400"),
            "00404051": element("DT", "20261122023100"),
        },
    )


def create(hub: str, uid: str, item: Attributes | None = None) -> requests.Response:
    """Create a work item."""
    return requests.post(f"{hub}/workitems?{uid}", json=[item or work_item()], headers=JSON, timeout=30)


def change_state(hub: str, uid: str, state: str, transaction: str = "", **more: Attributes) -> requests.Response:
    """Ask for a change of state; ``more`` by tag with a leading ``t``."""
    body = {STATE: element("CS", state), **{tag[1:]: content for tag, content in more.items()}}
    if transaction:
        body[TRANSACTION] = element("UI", transaction)
    return requests.put(f"{hub}/workitems/{uid}/state", json=body, headers=JSON, timeout=30)


def update(hub: str, uid: str, changes: Attributes, transaction: str = "") -> requests.Response:
    """Update a work item, with the Transaction UID as the query."""
    url = f"{hub}/workitems/{uid}" + (f"?{transaction}" if transaction else "")
    return requests.post(url, json=changes, headers=JSON, timeout=30)


def retrieve(hub: str, uid: str) -> Attributes:
    """Return a work item that must be there."""
    answer = requests.get(f"{hub}/workitems/{uid}", timeout=30)
    assert answer.status_code == 200, answer.text
    found: Attributes = answer.json()[0]
    return found
