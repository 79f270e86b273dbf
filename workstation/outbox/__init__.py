"""The durable queue that makes sure that signed objects arrive, once."""
