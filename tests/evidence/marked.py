"""Small cases with marks and likelihoods, for the tests of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from foedus.case.judgement import Judgement, Role
from foedus.case.model import Arrangement, Case, Evidence, Named, Place, Statement

SIGNS = {"++": "CC", "+": "C", "0": "N", "-": "I", "--": "II"}


def item(name: str, marks: str = "", hypotheses: str = "abc", **more: Any) -> Evidence:
    """An item whose marks stand in the order of the hypotheses, as signs; ``.`` for not marked."""
    row = {
        h: SIGNS[sign] for h, sign in zip(hypotheses, marks.split(), strict=False) if sign != "."
    }
    more.setdefault("kind", "fact")
    return Evidence(name, claim=f"claim of {name}", marks=row, **more)


def likely(name: str, hypotheses: str, *chances: object, **more: Any) -> Evidence:
    """An item with likelihoods in the order of the hypotheses, ``o`` for other; None for silent."""
    given: dict[str, Judgement] = {}
    for letter, chance in zip(hypotheses, chances, strict=True):
        h = "other" if letter == "o" else letter
        path = ("evidence", name, "likelihood", h)
        if isinstance(chance, tuple):
            given[h] = Judgement(*chance, path=path, role=Role.LIKELIHOOD)
        elif chance is not None:
            given[h] = Judgement(chance, chance, chance, path=path, role=Role.LIKELIHOOD)  # type: ignore[arg-type]
    more.setdefault("kind", "fact")
    return Evidence(name, claim=f"claim of {name}", likelihood=given, **more)


def case_of(*items: Evidence, hypotheses: str = "abc", **more: Any) -> Case:
    """A case with these items; each likelihood has a place, line by line."""
    arrangements = {
        h: Arrangement(h, f"Plan {h.upper()}", Statement(h, Named(h))) for h in hypotheses
    }
    places: Mapping[Any, Place] = {
        ("evidence", e.id, "likelihood", h): Place(k, 5 + j)
        for k, e in enumerate(items, start=1)
        for j, h in enumerate(e.likelihood)
    }
    case = Case("t", {}, {}, {}, arrangements=arrangements, hypotheses=tuple(hypotheses))
    return replace(case, evidence={e.id: e for e in items}, places=places, file="case.yaml", **more)
