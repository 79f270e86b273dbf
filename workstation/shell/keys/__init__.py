"""Keymaps and mouse profiles: data, the reader's own changes to it, and the keys that a layout of keyboard hides."""
