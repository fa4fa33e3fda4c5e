"""Traces: from a number down to its sources, from an item up to the answers that depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus.case.model import Case
from foedus.document import Explanation
from foedus.equilibria.registry import STANDARD
from foedus.equilibria.solve import stability
from foedus.preferences.games import Game, game_of
from foedus.process.holding import acceptance_if_known, holding, solvable
from foedus.result import Result, data_of
from foedus.tracing.accepting import with_acceptable, with_holds, with_possible
from foedus.tracing.grounds import with_grounds
from foedus.tracing.likely import with_likely
from foedus.tracing.trees import Node, depending, down, up
from foedus.tracing.web import ANSWERS, KINDS, NAMELESS, Edge, Thing, Web, answer_name, thing_called

if TYPE_CHECKING:
    from foedus.forecasting.workers import Progress, Workers

DRAWS = 500
"""So many draws a trace plays for its numbers unless others are asked for."""


LIKELY = ("reached", "outside", "evidence", "pooled")
"""The answers that are likelihoods."""


@dataclass(frozen=True, slots=True, repr=False)
class Trace(Result):
    """A thing of a case, followed both ways.

    ``down`` is the thing with what it rests on, ``up`` the same with what depends on it. ``draws``
    and ``seed`` are those of the numbers told, ``draws`` 0 where no forecast was made. ``answers``
    are all answers that depend on it, however deep the trees are shown.
    """

    case: Case
    path: str
    down: Node
    up: Node
    answers: tuple[str, ...]
    draws: int
    seed: int

    @property
    def root(self) -> Node:
        """What was asked about, with what it rests on."""
        return self.down

    @property
    def unanswered(self) -> bool:
        """Whether what was asked about is a likelihood, and no number of it was worked out."""
        return not self.draws and self.down.kind == "answer" and _last(self.path) in LIKELY

    def explain(self) -> Explanation:
        """Both ways for a reader."""
        return Explanation(self.blocks())

    def to_dict(self) -> dict[str, Any]:
        """Plain data: nodes with their lines in the file, values and children."""
        return {
            "path": self.path,
            "draws": self.draws,
            "seed": self.seed if self.draws else None,
            **data_of(self, "down up answers"),
        }


def why(
    case: Case | Game,
    path: str,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    workers: int | Workers = 1,
    depth: int | None = None,
    progress: Progress | None = None,
) -> Trace:
    """Follow an answer, a judgement, an item or a source of a case both ways.

    ``path`` is one of :func:`paths_of`, or a shorter form of it that means one thing alone. An
    answer on how likely something is comes with its number, from ``draws`` draws by ``workers``
    processes; 0: without. Trees go ``depth`` levels deep, at least 1; None: as deep as suits what
    is asked. ``progress`` is told what is being done.

    Judgements enter answers of acceptance and stability at their most likely values.

    Raises CaseError for an unknown path or one of two meanings, and for a case that cannot be
    solved; ValueError for draws or a depth that make no sense.

    >>> import foedus
    >>> trace = why(foedus.load("cases/two-towns.yaml"), "bridge-poll")
    >>> trace.up.children[0].name
    'preferences.voters.support.s1'
    """
    if draws < 0 or (depth is not None and depth < 1):
        raise ValueError("draws are counted from 0, levels from 1")
    game = game_of(case) if isinstance(case, Case) else case
    web = web_of(game)
    thing = thing_called(game, web, path)
    told = 0
    if draws and solvable(game) and _is_likely(thing):
        from foedus.tracing.figures import with_figures

        with_figures(web, game.case, _arrangement(thing), draws, seed, workers, progress)
        told = draws
    return traced(game, web, thing.name, told, seed, depth)


def traced(
    game: Game, web: Web, name: str, draws: int = 0, seed: int = 1, depth: int | None = None
) -> Trace:
    """Follow a thing in a web that is there: for many traces of one case. KeyError if unknown.

    ``draws`` and ``seed`` are those of the numbers that the web holds already.
    """
    case = game.case
    trees = down(case, web, name, depth), up(case, web, name, depth)
    return Trace(case, name, *trees, depending(web, name), draws, seed)


def web_of(game: Game) -> Web:
    """Everything that a case's traces are read from, without numbers of a forecast."""
    web = Web()
    case = game.case
    with_grounds(web, case)
    if solvable(game):
        with_likely(web, game)
    accepted = acceptance_if_known(game)
    held = holding(stability(game, [STANDARD]), accepted) if accepted else None
    for name, arrangement in case.arrangements.items():
        with_possible(web, game, name, accepted)
        if accepted is not None and held is not None:
            with_acceptable(web, game, accepted, name)
            with_holds(web, held.solved, held.holds[name])
        known = [a for a in ANSWERS if answer_name(name, a) in web.things]
        own = f"arrangements.{name}"
        text = f"{arrangement.name}, where {arrangement.when.text}"
        edges = [Edge(answer_name(name, answer)) for answer in known]
        web.put(Thing("arrangement", own, text, ("arrangements", name)), edges)
    return web


def paths_of(case: Case | Game) -> tuple[str, ...]:
    """Every path that can be traced, in the order of answers, judgements, items and sources."""
    game = game_of(case) if isinstance(case, Case) else case
    return tuple(thing.name for thing in traceable(web_of(game)))


def traceable(web: Web) -> list[Thing]:
    """The things that may be asked about, by kind."""
    things = [thing for thing in web.things.values() if thing.kind not in NAMELESS]
    first = [thing.name for thing in things if thing.kind == "arrangement"]

    def place(thing: Thing) -> tuple[int, int, int]:
        kind = KINDS.index(thing.kind)
        if thing.kind != "answer":
            return kind, 0, 0
        arrangement, _, answer = thing.name.rpartition(".")
        return kind, first.index(arrangement), ANSWERS.index(answer)

    return sorted(things, key=place)


def _is_likely(thing: Thing) -> bool:
    likely = thing.kind == "answer" and _last(thing.name) in LIKELY
    return likely or thing.kind == "arrangement"


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _arrangement(thing: Thing) -> str:
    return thing.name.split(".")[1]
