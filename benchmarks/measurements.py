"""What `make bench` measures: one entry each in ``MEASUREMENTS``.

The same entries are run on the sources of other commits, so they keep to names that last, and
import what they measure only when it is prepared. What a commit does not have is left out there.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from measuring import Measurement, Prepared, Work, command

ROOT = Path(__file__).parent.parent
FLAGSHIP = str(ROOT / "cases" / "belarus-2024.yaml")
FOUR = ("nash", "gmr", "smr", "seq")


def sort(numbers: int = 1 << 18) -> Work:
    """A stable argsort of so many random whole numbers."""
    import numpy as np

    drawn = np.random.default_rng(1).integers(0, 1 << 62, numbers)
    return lambda: np.argsort(drawn, kind="stable")


SORT = "argsort of 2^18 numbers"
START = 'python -c "import numpy"'


def import_numpy() -> Work:
    """A fresh process that imports NumPy."""
    return command(code="import numpy")


# --- each preparation -------------------------------------------------------------------------


def stability(concepts: tuple[str, ...], options: int) -> Prepared:
    """Four movers share yes/no options; each ranks all states at random, without ties."""
    import numpy as np
    from bench_stability import case_text, random_views

    from foedus.case.reading import parse_case
    from foedus.equilibria.solve import stability as solve
    from foedus.game.product import ProductMoves
    from foedus.preferences.games import Game, game_of

    game = game_of(parse_case(case_text(options)))
    views = random_views(game, seed=options)
    ranks = [np.random.default_rng(k).permutation(len(game.space)) for k in range(len(views))]

    def solved() -> object:
        # What solving keeps on moves is not given, so each run starts afresh.
        moves = tuple(ProductMoves(game.space, given.mover) for given in game.moves)
        return solve(Game(game.case, game.space, moves, views, game.rights), concepts)

    return Prepared(
        lambda: [np.argsort(each, kind="stable") for each in ranks], solved, len(game.space)
    )


def space(issues: int) -> Prepared:
    """Issues of ten positions in a row, each allowing three positions of the next."""
    from bench_space import case_of, steps

    from foedus.game.space import feasible_space

    case = case_of(steps(issues))
    states = len(feasible_space(case))
    return Prepared(sort(states), lambda: feasible_space(case), states)


def counting(issues: int) -> Prepared:
    """Yes/no issues in a row, no two of three neighbours at yes, counted without listing."""
    from bench_space import case_of, far_apart

    from foedus.game.space.counting import counted_space

    case = case_of(far_apart(issues))
    return Prepared(sort(), lambda: counted_space(case, 100).count, issues)


def draws(count: int) -> Prepared:
    """Myopic draws of the flagship."""
    import foedus
    from foedus.process.model import Process

    from bench_process import myopic, sampled  # isort: skip

    process = Process.of(foedus.load(FLAGSHIP))
    return Prepared(sort(), partial(myopic, process, sampled(process, count)), count)


def farsighted_states(issues: int) -> Prepared:
    """A farsighted draw of so many yes/no issues of one actor each."""
    from bench_process import farsighted, ready, synthetic

    return Prepared(sort(), partial(farsighted, *ready(synthetic(issues))), 2**issues)


def farsighted_steps(times: int) -> Prepared:
    """A farsighted draw in which actors reconsider so many times in 728 days."""
    from bench_process import farsighted, ready, synthetic

    from foedus.process.model import ProcessOptions

    options = ProcessOptions(calendar=728 / times)
    return Prepared(sort(), partial(farsighted, *ready(synthetic(8), options)), times)


def evidence(command_: str, items: int) -> Prepared:
    """An analysis of so many facts, each with marks or likelihoods."""
    from bench_evidence import ROWS, case_text

    import foedus
    from foedus.case.reading import parse_case

    case = parse_case(case_text(items, ROWS[command_]))
    analysis: Any = getattr(foedus, command_)
    return Prepared(sort(), lambda: analysis(case), items)


def bargaining(actors: int) -> Prepared:
    """The challenge model with everybody at a place of its own."""
    import numpy as np
    from bench_bargaining import made_up

    from foedus.bargaining.challenge import CHALLENGE

    issue = made_up(actors)
    a, b, c = np.random.default_rng(1).random((3, actors, actors, actors))

    def multiply_add() -> None:
        np.multiply(a, b, out=a)
        np.add(a, c, out=a)

    return Prepared(multiply_add, lambda: CHALLENGE.settled([issue]), actors)


def started(*words: str) -> Prepared:
    """A command in a fresh process."""
    return Prepared(import_numpy(), command(*words), 1)


def report(count: int) -> Prepared:
    """The report of the flagship, written to a file that is thrown away."""
    folder = tempfile.TemporaryDirectory()
    words = ("report", FLAGSHIP, "-o", f"{folder.name}/out.html", "--quiet")
    run = command(*words, "--draws", str(count), "--workers", "1")

    def written(_: object = folder) -> None:
        run()

    return Prepared(import_numpy(), written, count)


def gmcr(concepts: str, _: int) -> Prepared:
    """The command on a graph-model file of 138,240 states."""
    import json

    from make_large_gmcr import large_model

    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "large.gmcr"
    path.write_text(json.dumps(large_model(seed=1)), encoding="utf-8")
    run = command("stability", str(path), "--json", "--only", "equilibria", "--concepts", concepts)

    def solved(_: object = folder) -> None:
        run()

    return Prepared(import_numpy(), solved, 138_240)


# --- the list ---------------------------------------------------------------------------------

_RANKS = "argsort of four such rank arrays"

MEASUREMENTS: tuple[Measurement, ...] = (
    Measurement(
        "stability, four concepts", _RANKS, "states", (18, 19, 20), partial(stability, FOUR)
    ),
    Measurement(
        "stability, simultaneous", _RANKS, "states", (18, 19, 20), partial(stability, ("sim",)), 3
    ),
    Measurement("space", "argsort of as many numbers", "states", (10, 11, 12), space),
    Measurement("counting and 100 samples", SORT, "issues", (50, 100, 200), counting),
    Measurement("process, myopic draws", SORT, "draws", (250, 500, 1000), draws, 3),
    Measurement("process, farsighted states", SORT, "states", (6, 7, 8), farsighted_states, 3),
    Measurement("process, farsighted steps", SORT, "steps", (26, 52, 104), farsighted_steps, 3),
    Measurement("evidence, ACH", SORT, "items", (200, 400, 800), partial(evidence, "ach")),
    Measurement("evidence, Bayes", SORT, "items", (200, 400, 800), partial(evidence, "bayes")),
    Measurement(
        "bargaining, challenge", "multiply-add of n x n x n", "actors", (50, 100, 200), bargaining
    ),
    Measurement("foedus --help", START, "run", (1,), lambda _: started("--help"), 11),
    Measurement(
        "foedus check", START, "run", (1,), lambda _: started("check", FLAGSHIP), 11, bound=3
    ),
    Measurement(
        "stability of a .gmcr file", START, "states", (1,), partial(gmcr, ",".join(FOUR)), 3
    ),
    Measurement(
        "report, one process", START, "draws", (250, 500, 1000), report, 3, bound=60, long=True
    ),
    Measurement(
        "stability of a .gmcr file, with SIM",
        START,
        "states",
        (1,),
        partial(gmcr, ",".join((*FOUR, "sim"))),
        3,
        long=True,
    ),
)
