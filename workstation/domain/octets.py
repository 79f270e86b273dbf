"""Encoded bytes of one object, read-only: bytes of their own, or a view of where they were received."""

from typing import TypeAlias

Octets: TypeAlias = bytes | memoryview
