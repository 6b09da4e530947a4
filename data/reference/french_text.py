"""French text reduced for comparison and for sorting."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "‘": "'"})
_INVISIBLE = dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0xAD))
_NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """The text in lower case without accents, its words parted by one space.

    Hyphens, apostrophes, dots and every kind of blank part words: ``Côte-d'Or`` gives
    ``cote d or``. Compatibility forms (full-width digits, no-break spaces) are made plain.
    """
    if text.isascii():
        return _NOT_ALPHANUMERIC.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOT_ALPHANUMERIC.sub(" ", bare.casefold()).strip()


def sort_key(text: str) -> str:
    """The key that sorts names as a French index does.

    Accents, case and punctuation don't count: ``Val-de-Marne`` comes before ``Val-d'Oise``,
    ``Île-de-France`` among the names in I.
    """
    return fold(text).replace(" ", "")


def plain_text(text: str) -> str:
    """The text without the blanks around it, every inner run of blanks made one space.

    No-break spaces count as blanks; byte-order marks and zero-width characters are dropped.
    """
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def quoted(text: str, length: int = 40) -> str:
    """The text between French quotation marks, cut after ``length`` characters."""
    shown = plain_text(text)
    return f"« {shown if len(shown) <= length else shown[: length - 1] + '…'} »"
