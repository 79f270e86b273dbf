"""Bytes to signed bytes, and the verification of signed bytes."""
