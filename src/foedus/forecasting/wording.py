"""Probability words both ways: from a number to a word, and from a word to its range.

The lists are those of ICD 203 [ODNI2015] and of the PHIA probability yardstick in
``foedus.case.words``. The bands of ICD 203 share their ends; those of PHIA leave gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foedus.case.words import WORDS, Band
from foedus.result import data_of

SAME = 1e-9
"""Numbers nearer than this are one."""


@dataclass(frozen=True, slots=True)
class Worded:
    """The word for a number. ``gap`` says that no band holds it and the nearest was taken."""

    p: float
    word: str
    also: tuple[str, ...]
    band: Band
    gap: bool
    words: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "word also band gap")

    def remark(self) -> str:
        """What must be said of the word: nothing, or that the number lies in a gap."""
        if not self.gap:
            return ""
        low, high = (f"{round(100 * end, 6):g}" for end in self.band)
        listed = LISTS[self.words]
        return f"{listed} has no word for this number; {self.word!r} ({low}–{high}%) is the nearest"


LISTS = {"icd203": "ICD 203", "phia": "The PHIA yardstick"}


def bands_of(words: str) -> dict[Band, tuple[str, ...]]:
    """The bands of a list, least likely first, each with its words.

    Raises KeyError for an unknown list.
    """
    bands: dict[Band, tuple[str, ...]] = {}
    for word, band in WORDS[words].items():
        bands[band] = (*bands.get(band, ()), word)
    return bands


def range_of(word: str, words: str = "icd203") -> Band:
    """The published range of a word. Raises KeyError for an unknown word or list.

    >>> range_of("very unlikely"), range_of("highly unlikely", "phia")
    ((0.05, 0.2), (0.1, 0.2))
    """
    return WORDS[words][word]


def word_for(p: float, words: str = "icd203") -> Worded:
    """The word for a probability.

    The band that holds it; in a gap the nearest band. Where two bands share an end, or are equally
    near, the one closer to even chances: the weaker claim. Raises ValueError for p outside 0 to 1,
    KeyError for an unknown list.

    >>> word_for(0.05).word, word_for(0.95).word, word_for(0.5).word
    ('very unlikely', 'very likely', 'roughly even chance')
    >>> word_for(0.22, "phia").remark()
    "The PHIA yardstick has no word for this number; 'highly unlikely' (10–20%) is the nearest"
    """
    if not 0 <= p <= 1:
        raise ValueError(f"no probability: {p:g}")
    bands = bands_of(words)
    nearest = min(_away(p, band) for band in bands)
    near = [band for band in bands if _away(p, band) <= nearest + SAME]
    band = min(near, key=lambda b: abs((b[0] + b[1]) / 2 - 0.5))
    word, *also = bands[band]
    return Worded(p, word, tuple(also), band, nearest > SAME, words)


def word_place(p: float, words: str = "icd203") -> int:
    """The place of a probability's word on its scale, from 0 for the least likely.

    Raises as :func:`word_for`.

    >>> word_place(0.03), word_place(0.3), word_place(1.0)
    (0, 2, 6)
    """
    return list(bands_of(words)).index(word_for(p, words).band)


def words_apart(p: float, q: float, words: str = "icd203") -> int:
    """By how many words of the scale two probabilities differ: 0 for the same word.

    >>> words_apart(0.3, 0.35), words_apart(0.03, 0.3)
    (0, 2)
    """
    return abs(word_place(p, words) - word_place(q, words))


def words_between(low: float, high: float, words: str = "icd203") -> tuple[str, ...]:
    """The words that a range runs through, least likely first.

    >>> words_between(0.12, 0.47)
    ('very unlikely', 'unlikely', 'roughly even chance')
    """
    first, last = word_for(low, words).word, word_for(high, words).word
    heads = [group[0] for group in bands_of(words).values()]
    return tuple(heads[heads.index(first) : heads.index(last) + 1])


def _away(p: float, band: Band) -> float:
    return max(band[0] - p, p - band[1], 0.0)
