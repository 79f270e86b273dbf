"""Texts compared as people write them: without capitals and accents."""

import unicodedata


def folded(text: str) -> str:
    """Return a text in small letters without accents: ``Épaule`` is ``epaule``."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in spread if not unicodedata.combining(sign))
