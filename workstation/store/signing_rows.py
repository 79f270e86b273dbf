"""One act of signing as the database has it, to be kept apart from it."""

from workstation.domain.delivery import Delivery, DeliveryState, SignedObject
from workstation.domain.identifiers import DraftId
from workstation.store.completions import completion_of
from workstation.store.database import Connection
from workstation.store.delivery_rows import select_deliveries
from workstation.store.drafts import load_draft
from workstation.store.signings import Signing

_DECIDED = (DeliveryState.CANCELLED, DeliveryState.HELD)


def read_signing(connection: Connection, draft: DraftId) -> Signing:
    """Return the signed objects of a draft with what the reader has decided about them."""
    deliveries = select_deliveries(connection, "WHERE draft = ? ORDER BY id", (draft,))
    states = {one.state for one in deliveries}
    return Signing(
        draft=load_draft(connection, draft),
        request=deliveries[0].request,
        hub=deliveries[0].hub,
        objects=tuple(_object(connection, one) for one in deliveries),
        demonstration=deliveries[0].demonstration,
        completion=completion_of(connection, draft),
        state=next((state for state in _DECIDED if state in states), DeliveryState.PENDING),
    )


def _object(connection: Connection, one: Delivery) -> SignedObject:
    row = connection.execute("SELECT part10 FROM deliveries WHERE id = ?", (one.id,)).fetchone()
    part10 = row[0] if row is not None and isinstance(row[0], bytes) else b""
    return SignedObject(one.role, one.study, one.series, one.instance, one.sop_class, part10, one.sha256)
