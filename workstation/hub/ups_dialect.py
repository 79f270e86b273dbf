"""How work items are addressed, by generation of hub. One row per dialect; the first that a hub understands is kept.

Source: PS3.18 11.7 (standard); the source of dcm4chee-arc, whose older form names the requester in the path.
"""

from dataclasses import dataclass

REQUESTER = "REQUIS"


@dataclass(frozen=True, slots=True)
class UpsDialect:
    """Where the state of a work item is changed, below the hub's root."""

    name: str
    state_path: str

    def state_of(self, uid: str) -> str:
        """Return the path for one work item."""
        return self.state_path.format(uid=uid, requester=REQUESTER)


DIALECTS = (
    UpsDialect("standard", "workitems/{uid}/state"),
    UpsDialect("dcm4chee", "workitems/{uid}/state/{requester}"),
)
