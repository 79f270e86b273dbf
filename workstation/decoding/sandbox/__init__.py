"""What runs inside worker processes only: parsers and codecs that meet received bytes."""
