"""Hanging protocols: files that say which examinations they are for and what hangs where. Pure."""
