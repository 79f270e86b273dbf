"""Parsing and decoding of received bytes, only in worker processes that can be killed."""
