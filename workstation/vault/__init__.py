"""The data key and the slots that wrap it."""
