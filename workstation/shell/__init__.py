"""The window: what is seen."""
