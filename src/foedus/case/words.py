"""Probability words and the ranges their publishers give them."""

from __future__ import annotations

from collections.abc import Mapping

from immutabledict import immutabledict

Band = tuple[float, float]
"""A range of probabilities, both between 0 and 1."""

_ICD203 = (
    ((0.01, 0.05), ("almost no chance", "remote")),
    ((0.05, 0.20), ("very unlikely", "highly improbable")),
    ((0.20, 0.45), ("unlikely", "improbable")),
    ((0.45, 0.55), ("roughly even chance", "roughly even odds")),
    ((0.55, 0.80), ("likely", "probable")),
    ((0.80, 0.95), ("very likely", "highly probable")),
    ((0.95, 0.99), ("almost certain", "nearly certain")),
)
"""Intelligence Community Directive 203, Analytic Standards (2015), section D.6.e."""

_PHIA = (
    ((0.00, 0.05), ("remote chance",)),
    ((0.10, 0.20), ("highly unlikely",)),
    ((0.25, 0.35), ("unlikely",)),
    ((0.40, 0.50), ("realistic possibility",)),
    ((0.55, 0.75), ("likely", "probable")),
    ((0.80, 0.90), ("highly likely",)),
    ((0.95, 1.00), ("almost certain",)),
)
"""Professional Head of Intelligence Assessment, probability yardstick (United Kingdom)."""

WORDS: Mapping[str, Mapping[str, Band]] = immutabledict(
    {
        name: immutabledict({word: band for band, words in table for word in words})
        for name, table in (("icd203", _ICD203), ("phia", _PHIA))
    }
)
"""For each list, its words, least likely first, and the published range of each."""
