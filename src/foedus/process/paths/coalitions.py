"""What each mover, and each smallest coalition of movers, can bring about from today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foedus.equilibria.problem import StabilityProblem
from foedus.game.space import Mask
from foedus.process.paths.layers import fewest_steps, improved, moved

COALITION_LIMIT = 1024
"""Unions of movers beyond this many are not looked at; the result says so."""


@dataclass(frozen=True, slots=True)
class Made:
    """A coalition (actor ids in the order of the case) and the steps its parts need from today."""

    members: tuple[str, ...]
    steps: int

    @property
    def key(self) -> str:
        """Its members joined by ``+``."""
        return "+".join(self.members)


@dataclass(frozen=True, slots=True)
class Reach:
    """What one mover can do from today in one move, no other moving.

    ``states`` and ``improvements`` count the states; ``arrangements`` and ``improving`` are the ids
    of the arrangements that some of them falls into.
    """

    mover: str
    states: int
    improvements: int
    arrangements: tuple[str, ...]
    improving: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coalitions:
    """Who can bring about what: each mover alone, and the smallest coalitions.

    ``by_moves`` and ``by_improvements`` map the id of each arrangement to the coalitions whose
    parts, moving one after another from today, bring it about while no smaller coalition's do; for
    an arrangement that today falls into that is the coalition of nobody. ``complete`` is False when
    there were too many unions of movers to look at them all.
    """

    movers: tuple[Reach, ...]
    by_moves: Mapping[str, tuple[Made, ...]]
    by_improvements: Mapping[str, tuple[Made, ...]]
    complete: bool


def coalitions(arena: StabilityProblem, patterns: Mapping[str, Mask], start: int) -> Coalitions:
    """Find who can bring about each pattern of states (n,) from ``start``.

    A coalition is a union of movers; its parts are the movers whose members are all in it, and each
    step is a move, or an improvement, of one part.
    """
    unions, complete = _unions(arena)
    return Coalitions(
        tuple(_alone(arena, mover, patterns, start) for mover in range(len(arena.movers))),
        _smallest(arena, unions, patterns, start, improving=False),
        _smallest(arena, unions, patterns, start, improving=True),
        complete,
    )


def _alone(arena: StabilityProblem, mover: int, patterns: Mapping[str, Mask], start: int) -> Reach:
    space, side = arena.game.space, arena.movers[mover]
    origin = space.settled & False
    origin[start] = True
    acts = bool(side.moves.mover.relations)
    by_move = moved(side)(origin) & ~origin if acts else origin & False
    by_improvement = improved(side)(origin) if acts else origin & False
    return Reach(
        side.moves.mover.key,
        int(by_move.sum()),
        int(by_improvement.sum()),
        tuple(name for name, mask in patterns.items() if (mask & by_move).any()),
        tuple(name for name, mask in patterns.items() if (mask & by_improvement).any()),
    )


def _unions(arena: StabilityProblem) -> tuple[list[frozenset[str]], bool]:
    """The unions of movers that can do anything, by size and then in the order of the actors."""
    single = [frozenset(m.members) for m in arena.game.movers if m.relations]
    found = dict.fromkeys(single)
    waiting = list(found)
    complete = True
    while waiting and complete:
        union = waiting.pop(0)
        for other in single:
            joined = union | other
            if joined not in found:
                if len(found) >= COALITION_LIMIT:
                    complete = False
                    break
                found[joined] = None
                waiting.append(joined)
    order = {actor: place for place, actor in enumerate(arena.game.case.actors)}
    return sorted(found, key=lambda u: (len(u), sorted(order[a] for a in u))), complete


def _smallest(
    arena: StabilityProblem,
    unions: Sequence[frozenset[str]],
    patterns: Mapping[str, Mask],
    start: int,
    *,
    improving: bool,
) -> dict[str, tuple[Made, ...]]:
    size = len(arena.game.space)
    form = improved if improving else moved
    acting = [
        (set(side.moves.mover.members), form(side))
        for side in arena.movers
        if side.moves.mover.relations
    ]
    everybody = fewest_steps([step for _, step in acting], size, start)
    made: dict[str, list[Made]] = {name: [] for name in patterns}
    for name, mask in patterns.items():
        if mask[start]:
            made[name].append(Made((), 0))
    # What not even everybody together can bring about is not looked for.
    open_ = [
        name for name, mask in patterns.items() if not mask[start] and (everybody[mask] >= 0).any()
    ]
    for union in unions:
        wanted = [n for n in open_ if not any(set(m.members) < union for m in made[n])]
        if not wanted:
            continue
        parts = [step for mover, step in acting if mover <= union]
        count = fewest_steps(parts, size, start, [patterns[name] for name in wanted])
        members = tuple(actor for actor in arena.game.case.actors if actor in union)
        for name in wanted:
            inside = count[patterns[name]]
            if (inside >= 0).any():
                made[name].append(Made(members, int(inside[inside >= 0].min())))
    return {name: tuple(found) for name, found in made.items()}
