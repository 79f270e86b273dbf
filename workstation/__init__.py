"""Requis, the reading workstation: requests in, signed and verified second opinions out."""

INTENDED_USE = "not a certified medical device; not for clinical use"
VERSION = "0.1.0"
