"""Rules that link viewports: pure functions with a guard against echo."""
