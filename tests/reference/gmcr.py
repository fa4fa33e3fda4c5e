"""A graph-model file (GMCR+) and its textbook answers, as a :class:`Spec`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reference.game import Actor, Issue, Ranking, Right, Spec, exactly
from reference.statements import And, Is, Not

NAMES = ("Prisoners", "Cuban", "Elmira", "Garrison")


def textbook(folder: Path, name: str) -> dict[str, Any]:
    """The answers: states, rankings and verdicts of independent origin."""
    return json.loads((folder / f"{name}.textbook.json").read_text(encoding="utf-8"))


def mover_keys(spec: Spec, answers: dict[str, Any]) -> dict[str, str]:
    """The answers' names of movers -> the ids of actors here."""
    return dict(zip(answers["movers"], (actor.id for actor in spec.actors), strict=True))


def read_spec(folder: Path, name: str) -> Spec:
    """Options, directions and infeasible patterns from the file; rankings from the answers."""
    file = json.loads((folder / f"{name}.gmcr").read_text(encoding="utf-8"))
    answers = textbook(folder, name)
    owners: dict[int, Right] = {}
    for k, maker in enumerate(file["decisionMakers"]):
        owners |= dict.fromkeys(maker["options"], (frozenset([f"dm{k}"]),))
    issues = []
    for k, option in enumerate(file["options"]):
        forward = owners[k] if option["permittedDirection"] in ("fwd", "both") else ()
        backward = owners[k] if option["permittedDirection"] in ("back", "both") else ()
        issues.append(Issue(f"o{k}", ("off", "on"), to={"on": forward, "off": backward}))
    position = {"Y": "on", "N": "off"}
    rules = tuple(
        Not(And(tuple(Is(f"o{k}", (position[y],)) for k, y in pattern)))
        for pattern in file["infeasibles"]
    )
    states = {s["id"]: tuple(position[y] for y in s["options"]) for s in answers["states"]}
    preferences = {}
    for k, maker in enumerate(answers["movers"]):
        tiers = [tier if isinstance(tier, list) else [tier] for tier in answers["ranking"][maker]]
        preferences[f"dm{k}"] = Ranking(
            tuple(tuple(exactly(tuple(issues), states[s]) for s in tier) for tier in tiers)
        )
    count = len(file["decisionMakers"])
    return Spec(
        actors=tuple(Actor(f"dm{k}") for k in range(count)),
        issues=tuple(issues),
        preferences=preferences,
        rules=rules,
        groups=tuple((f"dm{k}",) for k in range(count)),
        today=states[1],
    )
