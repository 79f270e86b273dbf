"""Branded identifiers of the application, and how new ones are made."""

import uuid
from typing import NewType

RequestId = NewType("RequestId", str)
DraftId = NewType("DraftId", str)
HubName = NewType("HubName", str)
TransactionUID = NewType("TransactionUID", str)


def new_uid() -> str:
    """Return a fresh DICOM UID of the UUID form. Source: PS3.5 B.2."""
    return f"2.25.{uuid.uuid4().int}"
