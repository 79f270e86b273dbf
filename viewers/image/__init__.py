"""Pixels with their meaning: frames as described, volumes, look-up tables and resampled planes."""
