"""Names and texts at the places of a sentence where they stand."""

from __future__ import annotations


def inside(name: str) -> str:
    """A name within a sentence.

    >>> inside("The Belarusian people"), inside("Vladimir Putin")
    ('the Belarusian people', 'Vladimir Putin')
    """
    return f"the {name[4:]}" if name.startswith("The ") else name


def capital(text: str) -> str:
    """A text as the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"
