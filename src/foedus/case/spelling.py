"""Text as people see it: composed letters, words typed again, and words that look alike.

``é`` can be one character or an ``e`` with an accent after it; a Cyrillic ``о`` looks like a Latin
``o``. The first are taken for the same. The second are not, but people are told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LATIN = dict(
    zip(
        "асеорхуіјѕһԁԛԝвкмнтгпАВСЕНІЈКМОРЅТХУ" + "αορνικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "ıɑɡ",
        "aceopxyijshdqwbkmhtrnABCEHIJKMOPSTXY" + "aopviktuxABEZHIKMNOPTYX" + "iag",
        strict=True,
    )
)
"""Cyrillic, Greek and other letters, with the Latin ones that they are taken for."""

_STROKES = str.maketrans({**_LATIN, "0": "o", "1": "l", "I": "l", "i": "l", "|": "l", "-": "_"})

UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")
"""Letters by their class that show nothing at all."""


def composed(text: str) -> str:
    """A text with its letters and accents composed (NFC), as ids are compared.

    >>> composed("zoe\u0308") == "zo\u00eb"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def retyped(text: str) -> str:
    """A text as it is compared with one that was typed again: case and spaces count for nothing.

    >>> retyped("  The FERRY\u00a0sank ") == retyped("the ferry sank")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def as_known(word: str, known: Iterable[str]) -> str:
    """The known word that a typed one means: itself, or the only one of its letters; else itself.

    >>> as_known("STORM", ["storm", "strike"]), as_known("stor", ["storm"])
    ('storm', 'stor')
    """
    names = list(known)
    if word in names:
        return word
    alike = [name for name in names if retyped(name) == retyped(word)]
    return alike[0] if len(alike) == 1 else word


def unseen(text: str) -> str | None:
    """The first character of a text that cannot be seen, or turns the way of writing; else None."""
    for character in text:
        if character in UNSEEN or unicodedata.category(character) == "Cf":
            return character
    return None


def called(character: str) -> str:
    """A character by its number and name.

    >>> called("\u043e")
    'U+043E, CYRILLIC SMALL LETTER O'
    """
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f", {name}" if name else "")


def look(text: str) -> str:
    """What a text looks like: equal for texts that a reader cannot well tell apart.

    >>> look("n\u043ene") == look("none") == look("None"), look("none") == look("nine")
    (True, False)
    """
    bare = "".join(c for c in unicodedata.normalize("NFKC", text) if unseen(c) is None)
    return bare.translate(_STROKES).casefold().translate(_STROKES)


def apart(word: str, other: str) -> str | None:
    """How a word differs from one that looks like it; None where it looks like another.

    >>> apart("n\u043ene", "none")
    'character 2 is U+043E, CYRILLIC SMALL LETTER O'
    """
    if word == other or look(word) != look(other):
        return None
    for k, character in enumerate(word):
        if not character.isascii() and other[k : k + 1] != character:
            return f"character {k + 1} is {called(character)}"
    return None


def lookalikes(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each name that looks like one before it, with that one.

    >>> lookalikes(["fund", "Fund", "find", "a-b", "a_b"])
    [('Fund', 'fund'), ('a_b', 'a-b')]
    """
    first: dict[str, str] = {}
    found = []
    for name in names:
        before = first.setdefault(look(name), name)
        if before != name:
            found.append((name, before))
    return found
