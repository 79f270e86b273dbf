"""Pointer events to annotations: one placement machine, one short file per tool."""
