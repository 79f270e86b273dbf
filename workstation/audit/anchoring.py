"""The head of the audit log as a signed report carries it, in Contribution Description (0018,A003)."""

import re

from workstation.audit.chain import AuditHead

_ANCHOR = re.compile(r"\bAudit ([0-9]{1,18}):([0-9a-f]{64})\b")


def anchor_text(head: AuditHead) -> str:
    """Return a head as text, such as ``412:9f…``; it tells nothing to whoever lacks the log."""
    return f"{head.seq}:{head.mac}"


def read_anchor(description: str) -> AuditHead | None:
    """Return the head that a description names, or ``None``."""
    found = _ANCHOR.search(description)
    return None if found is None else AuditHead(int(found[1]), found[2])
