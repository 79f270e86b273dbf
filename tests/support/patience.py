"""How long a test waits for what must come: long, for a busy machine; what comes ends the wait."""

PATIENCE_MS = 60_000
